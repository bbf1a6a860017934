// Shapes and keys of what only operators write: names of environment variables, hosts, addresses, patterns of names.

import { normaliseImageName, registryOf } from "../domain/image-name.ts";
import { listOf, parsedText, text } from "./basic-shapes.ts";
import type { Shape } from "./shape.ts";

/** These are Stagecoach's own, and nobody else's to be given. */
const OWN_VARIABLES = new Set(["PRIVATE_KEY", "WEBHOOK_SECRET", "DATABASE_URL"]);

/** Capitals only: a token that stands where its variable should be named is then told from a name. */
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,99}$/;

export function isVariableName(written: string): boolean {
  return VARIABLE.test(written) && !OWN_VARIABLES.has(written);
}

export function variable(): Shape<string> {
  return text({
    expected: "the name of an environment variable, such as `GHCR_TOKEN`",
    schema: { pattern: VARIABLE.source },
    check(written) {
      if (OWN_VARIABLES.has(written)) return { message: `\`${written}\` is Stagecoach's own and given to nobody.` };
      // What stands here may be the secret itself, so it is not repeated.
      if (!isVariableName(written)) {
        const hint = "Put the secret into an environment variable and write the name of that variable here.";
        return { message: "Expected the name of an environment variable, such as `GHCR_TOKEN`.", hint };
      }
      return undefined;
    },
  });
}

const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::[0-9]{1,5})?$/i;

export function host(): Shape<string> {
  const expected = "a host such as `ghcr.io` or `127.0.0.1:5000`";
  return text({
    expected,
    schema: { maxLength: 255 },
    check: (written) => (HOST.test(written) ? undefined : notHost(written, expected)),
  });
}

function notHost(written: string, expected: string): { readonly message: string; readonly hint?: string } {
  const found = /^https?:\/\/([^/@]+)\/?$/.exec(written)?.[1];
  const message = `Expected ${expected}, found \`${written.slice(0, 120)}\`.`;
  return found === undefined ? { message } : { message, hint: `Write \`${found}\`, without \`https://\`.` };
}

/** A host, or a host and the first parts of a path, as names of images begin. */
export function imagePrefix(): Shape<string> {
  const expected = "the beginning of image names, such as `nexus.acme.com:8082` or `acme.jfrog.io/docker`";
  return parsedText({
    expected,
    schema: { maxLength: 255 },
    read(written) {
      const prefix = written.replace(/\/$/, "").toLowerCase();
      const [first] = prefix.split("/");
      const image = normaliseImageName(`${prefix}/image`);
      if (image !== undefined && first === registryOf(image)) return { value: prefix };
      return { message: `Expected ${expected}, found \`${written.slice(0, 120)}\`.`, hint: "Begin with the host." };
    },
  });
}

/** https, so that no token is sent in the clear; only this very machine is exempt. */
export function address(): Shape<string> {
  const expected = "an address such as `https://argocd.dev.acme.com`";
  return parsedText({
    expected,
    read(written) {
      const url = URL.parse(written);
      const local = url !== null && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
      if (url === null || !(url.protocol === "https:" || (url.protocol === "http:" && local))) {
        return { message: `Expected ${expected}; it has to begin with \`https://\`.` };
      }
      if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
        return {
          message: "An address has no credentials, no query and no fragment.",
          hint: "Name the token with `token-env`.",
        };
      }
      return { value: url.href.replace(/\/$/, "") };
    },
  });
}

/** Kept as it is written, since tokens repeat it letter for letter. */
export function issuer(): Shape<string> {
  const expected = "an issuer such as `https://token.actions.githubusercontent.com`";
  return text({
    expected,
    check(written) {
      const url = URL.parse(written);
      const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === "";
      const local =
        url !== null && url.protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
      if (isPlain && (url.protocol === "https:" || local)) return undefined;
      return { message: `Expected ${expected}; it begins with \`https://\`.` };
    },
  });
}

export function topic(): Shape<string> {
  const expected = "the ARN of an SNS topic, such as `arn:aws:sns:eu-west-1:123456789012:images`";
  return text({
    expected,
    check: (written) =>
      /^arn:(?:aws|aws-cn|aws-us-gov):sns:[a-z0-9-]{3,40}:[0-9]{12}:[A-Za-z0-9_.-]{1,256}$/.test(written)
        ? undefined
        : { message: `Expected ${expected}, found \`${written.slice(0, 120)}\`.` },
  });
}

export function serviceAccount(): Shape<string> {
  const expected = "a ServiceAccount such as `system:serviceaccount:stagecoach-reporter:stagecoach-reporter`";
  return text({
    expected,
    schema: { maxLength: 400 },
    check: (written) =>
      /^system:serviceaccount:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(written)
        ? undefined
        : { message: `Expected ${expected}, found \`${written.slice(0, 120)}\`.` },
  });
}

const UNITS: Readonly<Record<string, number>> = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** Bytes. */
export function size(): Shape<number> {
  const expected = "a size such as `500MiB` or `20GiB`";
  return parsedText({
    expected,
    schema: { pattern: "^[1-9][0-9]{0,3}(MiB|GiB|TiB)$" },
    read(written) {
      const [, count, unit = ""] = /^([1-9]\d{0,3})(MiB|GiB|TiB)$/.exec(written) ?? [];
      const value = Number(count) * (UNITS[unit] ?? 0);
      return count === undefined ? { message: `Expected ${expected}, found \`${written.slice(0, 60)}\`.` } : { value };
    },
  });
}

export function namePattern(expected: string): Shape<string> {
  return text({
    expected,
    schema: { maxLength: 200 },
    check: (written) =>
      /^[\w.*-]+(?:\/[\w.*-]+)?$/.test(written) && written.split("*").length <= 4
        ? undefined
        : { message: `Expected ${expected}, found \`${written.slice(0, 120)}\`.` },
  });
}

export const forKey = {
  shape: listOf(namePattern("a repository such as `acme/platform-config`, or a pattern such as `acme/*`"), {
    orOne: true,
    least: 1,
  }),
  says: "Which config repositories may use it.",
  required: true as const,
  example: '["acme/*"]',
};

export const secretKey = {
  shape: listOf(variable(), { orOne: true, least: 1 }),
  says: "The environment variable with the secret, of at least 16 characters; while it is being changed, two of them.",
  required: true as const,
  example: "LAB_SECRET",
};
