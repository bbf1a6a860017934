// Attestations that workflows have made, by the digest that they are about.

import { type Route, repositoryRoute } from "../../http/call.ts";
import { ok } from "../../http/reply.ts";
import { attestationsOf } from "../../model/record-attestation.ts";

export const attestationRoutes: readonly Route[] = [
  repositoryRoute(
    "GET /repos/{owner}/{repo}/attestations/{subject_digest}",
    { permission: "attestations" },
    ({ model, repository, parameters, query }) => {
      const found = attestationsOf(model, { repository, digest: parameters.subject_digest ?? "" });
      const most = Number(query.get("per_page") ?? "30");
      return ok({
        attestations: found.slice(0, most).map(({ bundle, url }) => ({
          ...(bundle && { bundle }),
          ...(url && { bundle_url: url }),
          repository_id: repository.id,
          initiator: "user",
        })),
      });
    },
  ),
];
