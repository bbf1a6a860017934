// The receiver for Alibaba Cloud's registry. It signs nothing and sends no header, so the secret is in the path. The body
// names a region and no host: which of a region's hosts image names have is the operator's to say.
// Source: https://www.alibabacloud.com/help/en/acr/user-guide/manage-webhooks

import { isRecord } from "../parse-json.ts";
import { sentInPath, unauthenticated } from "./check-sender.ts";
import { judgePushes, prefixesOf } from "./judge-push.ts";
import { malformed, readBody } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

export function readAliyun(delivery: Delivery): Received {
  const { settings } = delivery;
  if (!sentInPath(delivery)) return unauthenticated("the secret at the end of the address");
  const body = readBody(delivery.body);
  if (body.kind === "malformed") return body;
  const { push_data: data, repository } = body.value;
  if (!isRecord(data) || !isRecord(repository)) {
    return malformed("the body has no `push_data` and `repository` as Alibaba Cloud sends them");
  }
  const { repo_full_name: name, region } = repository;
  const push = {
    action: "push",
    prefixes: prefixesOf(settings, { name: region, otherwise: settings.registry }),
    place: region,
    // Its console keeps capitals that image names cannot have.
    repository: typeof name === "string" ? name.toLowerCase() : name,
    tag: data.tag,
    digest: data.digest,
  };
  return judgePushes(delivery, { id: undefined, pushes: [push] });
}
