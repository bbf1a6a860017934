// The receiver for Docker Hub. It signs nothing and sends no header, so the secret is in the path; it tells a tag and no
// digest, and nothing of deletions. `callback_url` leads wherever the sender likes and is never called.
// Source: https://docs.docker.com/docker-hub/repos/manage/webhooks/

import { isRecord } from "../parse-json.ts";
import { sentInPath, unauthenticated } from "./check-sender.ts";
import { judgePushes, prefixesOf } from "./judge-push.ts";
import { malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const HOST = "docker.io";

export function readDockerhub(delivery: Delivery): Received {
  const { settings } = delivery;
  if (!sentInPath(delivery)) return unauthenticated("the secret at the end of the address");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { push_data: data, repository } = body.value;
  if (!isRecord(data) || !isRecord(repository)) {
    return malformed("the body has no `push_data` and `repository` as Docker Hub sends them");
  }
  const push = {
    action: "push",
    prefixes: prefixesOf(settings, { name: HOST, otherwise: settings.registry }),
    place: HOST,
    repository: repository.repo_name,
    tag: data.tag,
    mediaTypes: [data.media_type],
  };
  return judgePushes(delivery, { id: undefined, pushes: [push] });
}
