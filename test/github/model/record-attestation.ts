// Attestations: bundles that workflows have made about digests. GitHub keeps them and says nothing about what they are worth.

import type { Model } from "./model.ts";
import type { Repository } from "./repository.ts";

export interface Attestation {
  /** `sha256:...` */
  readonly digest: string;
  readonly bundle?: object;
  /** where the bundle is, instead of the bundle */
  readonly url?: string;
}

export function attestationsOf(
  model: Model,
  { repository, digest }: { readonly repository: Repository; readonly digest: string },
): readonly Attestation[] {
  return (model.attestations.get(repository.id) ?? []).filter((each) => each.digest === digest);
}

export function addAttestation(
  model: Model,
  { repository, attestation }: { readonly repository: Repository; readonly attestation: Attestation },
): void {
  model.attestations.set(repository.id, [...(model.attestations.get(repository.id) ?? []), attestation]);
}
