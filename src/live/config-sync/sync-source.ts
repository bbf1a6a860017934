// Where a RootSync or RepoSync takes its files from, as its spec says, and whether the blocks of its status speak of the same
// place: after a switch of branch they go on describing the old one for a while, green.

import { chartNameOf } from "../../domain/chart.ts";
import { parseImageReference } from "../../domain/image-name.ts";
import type { LiveRevision } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { fieldsAt, textAt, valueAt } from "../kubernetes/read-fields.ts";
import { repositoryNameOf } from "../repository-name.ts";

export type SourceType = "git" | "oci" | "helm";

export type StatusBlock = "source" | "rendering" | "sync";

export const STATUS_BLOCKS: readonly StatusBlock[] = ["source", "rendering", "sync"];

export function sourceTypeOf(object: KubernetesObject): SourceType {
  const written = textAt(object, "spec.sourceType");
  return written === "oci" || written === "helm" ? written : "git";
}

/** What names the place; the rest of the spec (credentials, intervals) is no other source. */
const COMPARED: Readonly<Record<SourceType, readonly string[]>> = {
  git: ["repo", "branch", "revision", "dir"],
  oci: ["image", "dir"],
  helm: ["repo", "chart", "version"],
};

/** What the status shows for a field that the spec leaves out; where nothing is said here, anything. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = { branch: ["", "master"], revision: [""], dir: [""] };

/** A block that is not there yet, or that has no place of its own, contradicts nothing. */
export function isSameSource(object: KubernetesObject, block: StatusBlock): boolean {
  const type = sourceTypeOf(object);
  const others = (["git", "oci", "helm"] as const).filter((other) => other !== type);
  if (others.some((other) => valueAt(object, `status.${block}.${other}Status`))) return false;
  if (!valueAt(object, `status.${block}.${type}Status`)) return true;
  const wanted = fieldsAt(object, `spec.${type}`);
  const stated = fieldsAt(object, `status.${block}.${type}Status`);
  return COMPARED[type].every((field) => {
    const [said, asked] = [normalise(field, textAt(stated, field)), normalise(field, textAt(wanted, field))];
    return asked === "" ? (DEFAULTS[field]?.includes(said) ?? true) : said === asked;
  });
}

function normalise(field: string, value = ""): string {
  switch (field) {
    case "revision":
      return value === "HEAD" ? "" : value;
    case "dir":
      return value.replace(/^(?:\.?\/)+|\/+$/g, "").replace(/^\.$/, "");
    default:
      return value;
  }
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const DIGEST = /(?:^|@)(sha256:[0-9a-f]{64})$/;

/** `commit` is a Git commit, the digest of an OCI image or the version of a chart, by the type of the source. */
export function describeCommit(
  commit: string | undefined,
  object: KubernetesObject,
): readonly LiveRevision[] | undefined {
  if (commit === undefined) return undefined;
  switch (sourceTypeOf(object)) {
    case "git": {
      const repository = repositoryNameOf(textAt(object, "spec.git.repo") ?? "");
      const reference = referenceOf(object);
      if (!COMMIT.test(commit)) return undefined;
      return [
        {
          kind: "git",
          id: commit,
          ...(repository !== undefined && { repository }),
          ...(reference !== undefined && { reference }),
        },
      ];
    }
    case "oci": {
      const digest = DIGEST.exec(commit)?.[1] ?? (/^[0-9a-f]{64}$/.test(commit) ? `sha256:${commit}` : undefined);
      const artifact = parseImageReference(textAt(object, "spec.oci.image") ?? "")?.image;
      return digest === undefined ? undefined : [{ kind: "oci", id: digest, ...(artifact && { artifact }) }];
    }
    case "helm": {
      const chart = textAt(object, "spec.helm.chart") ?? "";
      const artifact = chartNameOf(textAt(object, "spec.helm.repo") ?? "", { chart });
      return [{ kind: "helm", id: commit, ...(artifact && { artifact }) }];
    }
  }
}

/** The revision wins over the branch; a commit is no name. */
function referenceOf(object: KubernetesObject): string | undefined {
  const revision = normalise("revision", textAt(object, "spec.git.revision"));
  if (revision !== "" && !COMMIT.test(revision)) return revision.replace(/^refs\/(?:heads|tags)\//, "");
  return revision === "" ? textAt(object, "spec.git.branch") : undefined;
}
