// Places: where a file of the config repository says which version of an image runs.
// Found and edited by `manifests/`; the planner only reads what they say.

export type PlaceForm =
  | "reference"
  | "map"
  | "kustomize"
  | "marker"
  | "flux"
  | "argocd"
  | "config-sync"
  | "dependency"
  | "remote"
  | "field";

export interface Place {
  readonly path: string;
  /** Index of the YAML document in the file, and the keys and indices that lead to the node. */
  readonly document: number;
  readonly pointer: readonly (string | number)[];
  readonly line: number;
  readonly column: number;
  readonly form: PlaceForm;
  /** Normalised name as the file has it; for `field` the image that the pipeline file assigns to it. */
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Set when this place can be read but must not be edited (alias, block scalar, templating …): the reason. */
  readonly refusal?: string;
}

/** What shall stand at a place afterwards. Which of the two a place holds does not change: what is pinned stays pinned. */
export interface PlaceChange {
  readonly place: Place;
  readonly tag: string;
  readonly digest: string;
}

/** A problem of a file that was read for places: unparsable, too large, a symlink. */
export interface PlaceProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

/** Where charts come from, as Flux names it. */
export interface HelmRepository {
  readonly path: string;
  readonly name: string;
  /** Empty where it does not say one: whoever applies it decides. */
  readonly namespace: string;
  /** `oci://…`; absent where it is no registry. */
  readonly address?: string;
}

/** The files that a promotion writes, all of them or none. Blob ids are Git's SHA-1 ids. */
export interface Edit {
  readonly files: readonly EditedFile[];
}

export interface EditedFile {
  readonly path: string;
  /** `100644` or `100755`. */
  readonly mode: string;
  readonly before: string;
  readonly after: string;
  readonly text: string;
  /** The places in this file that change, for the pull request: what stood there and what will. */
  readonly changes: readonly { readonly line: number; readonly from: string; readonly to: string }[];
}

export type EditResult =
  | { readonly kind: "edit"; readonly edit: Edit }
  | {
      readonly kind: "refused";
      readonly path: string;
      readonly line: number;
      readonly column: number;
      readonly why: string;
    };
