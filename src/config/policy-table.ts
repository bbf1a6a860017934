// How a version is chosen: the words of `policy`.

import { listOf, shortOrFull, word, yes } from "./basic-shapes.ts";
import { followedBranch } from "./git-shapes.ts";
import { expression, platform, semverRange, tag } from "./name-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";

const filterKeys = {
  tags: {
    shape: expression("an RE2 pattern of tags, such as `^v(?P<version>.*)-stable$`"),
    says: "Only tags that match count. A group `(?P<version>…)` is the part that is compared; tags that an explicit pattern matches may be pre-releases.",
    example: '"^v(?P<version>.*)-stable$"',
  },
  ignore: {
    shape: listOf(expression("an RE2 pattern of tags, such as `-rc`"), { orOne: true }),
    says: "Tags that match any of these do not exist for this policy.",
    example: '["-rc", "^latest$"]',
  },
};

const ORDER_HINT = "`asc` takes the last in ascending order, `desc` the first.";

const policyTable = table({
  name: "policy",
  says: "Which version of an image is taken. `policy: newest`, `policy: numerical` and `policy: alphabetical` are short for the maps. See [versions.md](versions.md).",
  keys: {
    semver: {
      shape: semverRange(),
      says: "The highest semantic version within the range.",
      default: '"*"',
      example: '">=1.0 <2.0"',
    },
    newest: {
      shape: yes(),
      says: "The image that was created last; where images do not say when, the one that was seen last.",
      example: "true",
    },
    numerical: {
      shape: word("asc", "desc"),
      says: `The highest number. ${ORDER_HINT}`,
      example: "asc",
    },
    alphabetical: {
      shape: word("asc", "desc"),
      says: `The last in alphabetical order. ${ORDER_HINT}`,
      example: "asc",
    },
    digest: {
      shape: tag(),
      says: "Follows this one tag, whatever digest it names.",
      example: "latest",
    },
    branch: {
      shape: followedBranch(),
      says: "Follows the commits of this branch; of a Git repository (`git`) only.",
      example: "main",
    },
    ...filterKeys,
    platform: {
      shape: listOf(platform(), { orOne: true }),
      says: "Only versions count that have an image for each of these platforms. Costs one or two requests to the registry for each version that could be taken, once.",
      example: "[linux/amd64, linux/arm64]",
    },
  },
  choice: { of: ["semver", "newest", "numerical", "alphabetical", "digest", "branch"], least: 0 },
});

export const policyShape = shortOrFull(word("newest", "numerical", "alphabetical"), mapOf(policyTable));

const orderedElsewhere =
  "Only the pipeline's own images have an order; here only names are filtered: `tags` and `ignore`.";

export const aliasPolicyTable = table({
  name: "naming policy",
  says: "How tags are named in the registry of one environment. It names versions, it does not order them.",
  keys: filterKeys,
  misplaced: {
    semver: orderedElsewhere,
    newest: orderedElsewhere,
    numerical: orderedElsewhere,
    alphabetical: orderedElsewhere,
    digest: orderedElsewhere,
    platform: "What is promoted is decided by the pipeline's own images: write `platform` there.",
    branch: orderedElsewhere,
  },
});

export type WrittenPolicy = "newest" | "numerical" | "alphabetical" | ReadKeys<(typeof policyTable)["keys"]>;
export type WrittenNaming = ReadKeys<(typeof aliasPolicyTable)["keys"]>;
