// The gate `signed`: who has to have signed an image. Either an identity, which is a signer and who vouches for it, or a
// key of the operator's. A subject is compared as text; `*` is the only character that means more than itself.

import { text } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { mapOf, type ReadKeys, type Shape, startOf, table } from "./shape.ts";

const issuer = text({
  expected: "the issuer of the signer's identity, an https address",
  schema: { maxLength: 500, pattern: "^https://" },
  check: (written) =>
    /^https:\/\/[^\s*]{1,490}$/.test(written)
      ? undefined
      : {
          message: `Expected the issuer of the signer's identity, an https address, found \`${written.slice(0, 120)}\`.`,
          hint: "That of GitHub Actions is `https://token.actions.githubusercontent.com`; it is compared as it stands.",
        },
});

const subject = text({
  expected: "the signer's identity",
  schema: { maxLength: 500 },
  check(written) {
    // What is left has to say more than "anybody at all": a signature by somebody is had for nothing.
    if (written.split("*").length > 9 || !/[A-Za-z0-9]/.test(written.replaceAll("*", "")))
      return { message: `\`${written.slice(0, 120)}\` would let nearly anybody sign.`, hint: EXAMPLE_HINT };
    if (/^https:\/\/github\.com\/[^/*]+\/[^/*]+\/?$/.test(written))
      return {
        message: `\`${written.slice(0, 120)}\` is a repository; who signs in GitHub Actions is one of its workflows.`,
        hint: EXAMPLE_HINT,
      };
    return undefined;
  },
});

const EXAMPLE = "https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main";
const EXAMPLE_HINT = `Write for example \`${EXAMPLE}\`; \`*\` stands for anything without a slash.`;

const signedTable = table({
  name: "signed gate",
  says: "Who has to have signed every image: `issuer` and `subject`, or `key`.",
  keys: {
    issuer: {
      shape: issuer,
      says: "Who vouches for the signer. Compared as it stands.",
      example: "https://token.actions.githubusercontent.com",
    },
    subject: {
      shape: subject,
      says: "The signer. Compared as it stands, with upper and lower case; `*` stands for anything without a slash.",
      example: EXAMPLE,
    },
    key: {
      shape: name("the id of a key in the operator's settings"),
      says: "The key, by its id in the operator's settings; a repository never names a key itself.",
      example: "release",
    },
  },
  choice: { of: ["subject", "key"], least: 1 },
});

const plain = mapOf(signedTable);

export const signedShape: Shape<ReadKeys<(typeof signedTable)["keys"]>> = {
  ...plain,
  read(at, reading) {
    const written = plain.read(at, reading);
    if (written === undefined || at.node.kind !== "map") return written;
    const has = (key: string) => at.node.kind === "map" && at.node.entries.some((entry) => entry.key === key);
    if (has("subject") && !has("issuer")) {
      const message = "A `subject` means nothing without the `issuer` that vouches for it.";
      const hint = "Add `issuer: https://token.actions.githubusercontent.com` for GitHub Actions.";
      reading.report({ at: startOf(at), message, hint });
    }
    if (has("key") && written.issuer !== undefined)
      reading.report({ at: written.issuer.at, message: "A `key` has no `issuer`." });
    return written;
  },
};
