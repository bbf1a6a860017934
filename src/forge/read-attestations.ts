// Reads what GitHub keeps as attestations of a digest: bundles, as they are or behind an address of GitHub's storage. The
// token is the config repository's installation's, never another's. Nothing of a bundle is believed here.

import { known, type Seen, unknown } from "../domain/seen.ts";
import { NOTHING_FOUND, type SignatureDocument, type SignaturesFound } from "../domain/signature.ts";
import { type Github, tryRead, whyNot } from "./call-github.ts";
import type { Octokit } from "./connect-github.ts";
import { fetchBundle } from "./fetch-bundle.ts";
import type { RepositoryReference } from "./forge.ts";

export interface AttestationsRequest {
  readonly at: RepositoryReference;
  /** `owner/repository` that built the image. */
  readonly source: string;
  readonly digest: string;
}

const MOST = 20;
const NOT_GRANTED =
  "the installation has not granted `attestations: read`; an owner accepts it in the settings of the installed GitHub Apps";

export async function readAttestations(github: Github, request: AttestationsRequest): Promise<Seen<SignaturesFound>> {
  const { at, source, digest } = request;
  const [owner = "", repo = ""] = source.split("/");
  const opened = await openSource(github, { at, owner, repo });
  if (opened === "not-granted") return known({ ...NOTHING_FOUND, closed: NOT_GRANTED });
  const answer = await tryRead(github, {
    at,
    doing: `read attestations of ${source}`,
    ask: ({ octokit }) =>
      (opened ?? octokit).rest.repos.listAttestations({
        owner,
        repo,
        subject_digest: digest,
        predicate_type: "provenance",
        per_page: MOST + 1,
      }),
  });
  if (answer.kind === "ok") return known(await readAll(answer.value.data.attestations ?? [], github));
  if (answer.kind === "unsure") return unknown(whyNot(answer));
  // GitHub says the same of a digest without attestations and of a repository that it does not show.
  if (answer.status === 404) return known(NOTHING_FOUND);
  return answer.status === 403 ? known({ ...NOTHING_FOUND, closed: NOT_GRANTED }) : unknown(whyNot(answer));
}

/** Another owner's repository can be read where it is public, with whatever token. */
async function openSource(
  github: Github,
  { at, owner, repo }: { readonly at: RepositoryReference; readonly owner: string; readonly repo: string },
): Promise<Octokit | "not-granted" | undefined> {
  if (owner.toLowerCase() !== at.owner.toLowerCase()) return undefined;
  const client = await github.narrowClientFor({
    installation: at.installation,
    name: repo,
    permission: "attestations",
  });
  if (client.kind === "not-granted") return "not-granted";
  return client.kind === "opened" ? client.octokit : undefined;
}

interface Attestation {
  readonly bundle?: unknown;
  readonly bundle_url?: string | null;
}

async function readAll(attestations: readonly Attestation[], github: Github): Promise<SignaturesFound> {
  const documents: SignatureDocument[] = [];
  const unread: string[] = attestations.length > MOST ? [`there are more than ${MOST}`] : [];
  for (const { bundle, bundle_url: url } of attestations.slice(0, MOST)) {
    if (typeof bundle === "object" && bundle !== null) documents.push({ kind: "bundle", text: JSON.stringify(bundle) });
    else {
      const fetched = await fetchBundle(url ?? "", github.settings);
      if (fetched.kind === "unknown") unread.push(fetched.why);
      else documents.push({ kind: "bundle", text: fetched.value });
    }
  }
  return { documents, refused: [], unread: [...new Set(unread)] };
}
