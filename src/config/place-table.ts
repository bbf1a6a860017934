// Where an environment's versions stand beyond what paths and the pipeline's own image names can say: other names of
// images, and values that name no image.

import { word } from "./basic-shapes.ts";
import { gitRepository } from "./git-shapes.ts";
import { fieldPath, filePath, image } from "./name-shapes.ts";
import { aliasPolicyTable } from "./policy-table.ts";
import { mapOf, table } from "./shape.ts";

export const aliasTable = table({
  name: "image alias",
  says: "Another name for one of the pipeline's images, because this environment takes it from another registry.",
  keys: {
    image: {
      shape: image(),
      says: "The name in this environment.",
      required: true,
      example: "europe-docker.pkg.dev/acme/live/checkout",
    },
    as: {
      shape: image(),
      says: "The pipeline's name for it; a pipeline with one image may leave it out.",
      example: "ghcr.io/acme/checkout",
    },
    policy: {
      shape: mapOf(aliasPolicyTable),
      says: "How its tags are named there.",
      example: '{ tags: "^v(?P<version>.*)-stable$" }',
    },
  },
});

export const fieldTable = table({
  name: "field",
  says: "A value that names no image: Stagecoach has to be told where it stands and whose version it is.",
  keys: {
    file: { shape: filePath(), says: "The file.", required: true, example: "apps/checkout/staging/values.yaml" },
    path: { shape: fieldPath(), says: "The way to the value.", required: true, example: "image.tag" },
    writes: {
      shape: word("tag", "digest", "reference", "version"),
      says: "What stands there: the tag, the digest, the whole reference, or the version of a chart (a tag, with `+` for `_`).",
      default: "tag",
      example: "tag",
    },
    image: {
      shape: image(),
      says: "The pipeline's image whose version it is; a pipeline with one image may leave it out.",
      example: "ghcr.io/acme/checkout",
    },
    git: {
      shape: gitRepository(),
      says: "The pipeline's Git repository whose version it is, in the place of `image`: its tag, or with `writes: digest` its commit.",
      example: "acme/checkout-manifests",
    },
  },
  choice: { of: ["image", "git"], least: 0 },
});

export const sandboxTable = table({
  name: "sandbox map",
  says: "The value from which the reconciler takes what it applies here: of a RootSync `spec.git.branch`, of an Application `spec.source.targetRevision`, of a GitRepository `spec.ref.branch`.",
  keys: {
    file: { shape: filePath(), says: "The file.", required: true, example: "clusters/dev/root-sync.yaml" },
    path: { shape: fieldPath(), says: "The way to the value.", required: true, example: "spec.git.branch" },
    writes: {
      shape: word("branch", "revision"),
      says: "What is written there: the name of the pull request's branch, or the commit at its head, which then follows it.",
      default: "branch",
      example: "revision",
    },
  },
});
