// Shapes of what names a Git repository whose versions are promoted, and a branch of it.

import { isRevisionName, nameBranchHead, nameGitSource, parseGitSource, readGitAddress } from "../domain/git-source.ts";
import { parsedText, text } from "./basic-shapes.ts";
import type { Shape } from "./shape.ts";

/** `acme/web` -> `git:github.com/acme/web`, on the GitHub that the app is installed on. */
export function gitRepository(): Shape<string> {
  const expected = "a repository such as `acme/checkout-manifests`";
  return parsedText({
    expected,
    schema: { pattern: "^[^/:@]+/[^/:@]+$" },
    read(written, { gitHost = "github.com" }) {
      const [owner = "", repository = "", ...more] = written.split("/");
      const value = nameGitSource({ host: gitHost, owner, repository });
      if (value !== undefined && more.length === 0) return { value };
      const message = `Expected ${expected}, found \`${written.slice(0, 160)}\`.`;
      const address = readGitAddress(written);
      const named = address && parseGitSource(address.source);
      if (named === undefined) return { message };
      return named.host === gitHost.toLowerCase()
        ? { message, hint: `Write \`${named.owner}/${named.repository}\`.` }
        : { message: `Git repositories on other hosts than \`${gitHost}\` are not supported.`, hint: OTHER_HOSTS };
    },
  });
}

const OTHER_HOSTS =
  "Stagecoach reads them as the GitHub App that it is. Mirror the repository there, or promote an image.";

/** A branch of a Git repository that is followed; its name becomes the name of a version. */
export function followedBranch(): Shape<string> {
  const expected = "the name of a branch, such as `main`";
  return text({
    expected,
    schema: { maxLength: 190 },
    check: (written) =>
      isRevisionName(nameBranchHead(written))
        ? undefined
        : { message: `\`${written.slice(0, 120)}\` is not the name of a branch that can be followed.` },
  });
}
