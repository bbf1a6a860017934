// The receiver for Amazon ECR: its EventBridge event by an API destination, as it is or as a CloudEvent that an input
// transformer makes of it, and the same by way of an SNS topic. The first proves itself by a secret, the last by a signature.
// Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html

import { isRecord, parseJson } from "../parse-json.ts";
import { sentAsPassword, sentInHeader, sentTheSecret } from "./check-sender.ts";
import { checkSns, type SnsMessage } from "./check-sns.ts";
import { ignoreDelivery, judgePushes, type Push, prefixesOfHost } from "./judge-push.ts";
import { type Json, malformed, readBody, recordAt } from "./read-body.ts";
import type { Delivery, Received } from "./receiver.ts";

const CLOUD_EVENT = "com.amazon.ecr.image.";
const NO_EVENT = "it is neither an event “ECR Image Action” nor the documented CloudEvent made of it";

export async function readEcr(delivery: Delivery): Promise<Received> {
  if (sentTheSecret(delivery) || sentAsPassword(delivery) || sentInHeader(delivery, "x-api-key")) {
    const body = readBody(delivery.body);
    return body.kind === "malformed" ? body : readEvent(body.value, { delivery, id: body.value.id });
  }
  const { topic } = delivery.settings;
  if (topic === undefined) {
    const why =
      "none of `Authorization: Bearer <secret>`, basic authentication and `X-Api-Key: <secret>` has a secret of this webhook";
    return { kind: "unauthenticated", why };
  }
  return readSns(delivery, topic);
}

/** SNS says `text/plain` of its JSON; the content type is not looked at. */
async function readSns(delivery: Delivery, topic: string): Promise<Received> {
  const body = readBody(delivery.body);
  // Whoever is not known is not told what a proper body would be.
  if (body.kind === "malformed")
    return { kind: "unauthenticated", why: "the body is not a signed message of Amazon SNS" };
  const verdict = await checkSns({ body: body.value, topic, proofs: delivery.proofs, now: delivery.now });
  switch (verdict.kind) {
    case "refused":
      return { kind: "unauthenticated", why: verdict.why };
    case "unverifiable":
      return verdict;
    case "holds":
      return obey(verdict.message, delivery);
  }
}

async function obey({ type, id, message, subscribeUrl }: SnsMessage, delivery: Delivery): Promise<Received> {
  if (type === "SubscriptionConfirmation") return confirm(subscribeUrl ?? "", delivery);
  if (type === "UnsubscribeConfirmation") {
    const why = "Somebody ended the subscription; nothing more comes from this topic until it is made again";
    return ignoreDelivery(delivery, { id, what: "end of a subscription", why });
  }
  const event = parseJson(Buffer.from(message));
  return isRecord(event) ? readEvent(event, { delivery, id }) : malformed(`its \`Message\` is no JSON: ${NO_EVENT}`);
}

async function confirm(address: string, { proofs }: Delivery): Promise<Received> {
  const confirmed = await proofs.confirm(address);
  if (confirmed.kind === "unknown") {
    return { kind: "unverifiable", why: `the subscription could not be confirmed, because ${confirmed.why}` };
  }
  return {
    kind: "handshake",
    answer: { confirmed: true },
    said: "Amazon SNS asked for a subscription, and it was confirmed",
  };
}

function readEvent(event: Json, { delivery, id }: { readonly delivery: Delivery; readonly id: unknown }): Received {
  const read = event.specversion === undefined ? readEventBridge(event) : readCloudEvent(event);
  if (read === undefined) return malformed(NO_EVENT);
  const { account, region, ...push } = read;
  const host = hostOf({ account, region });
  return judgePushes(delivery, {
    id,
    pushes: [{ ...push, prefixes: prefixesOfHost(delivery.settings, host), place: host }],
  });
}

interface Told extends Omit<Push, "prefixes" | "place"> {
  readonly account: unknown;
  readonly region: unknown;
}

function readEventBridge(event: Json): Told | undefined {
  const { source, account, region, "detail-type": type } = event;
  if (source !== "aws.ecr" || typeof type !== "string" || !isRecord(event.detail)) return undefined;
  const { "repository-name": repository, "image-tag": tag, "image-digest": digest, "action-type": word } = event.detail;
  const { result, "artifact-media-type": artifact, "manifest-media-type": manifest } = event.detail;
  const happened = type === "ECR Image Action" && result === "SUCCESS" && typeof word === "string";
  const action = happened ? word.toLowerCase() : "event";
  return { action, account, region, repository, tag, digest, mediaTypes: [manifest, artifact] };
}

/** `source`: `urn:aws:ecr:us-east-1:123456789012:repository/checkout`. */
function readCloudEvent(event: Json): Told | undefined {
  const { type, source } = event;
  if (typeof type !== "string" || !type.startsWith(CLOUD_EVENT)) return undefined;
  const [, region] = /^urn:aws[a-z-]*:ecr:([a-z0-9-]+):[0-9]*:/.exec(String(source)) ?? [];
  const {
    repositoryName: repository,
    imageTag: tag,
    imageDigest: digest,
    registryId: account,
  } = recordAt(event, "data");
  return { action: type.slice(CLOUD_EVENT.length), account, region, repository, tag, digest };
}

/** Empty where the event does not say it: that is nobody's host, rather than the webhook's own. */
function hostOf({ account, region }: Pick<Told, "account" | "region">): string {
  if (typeof account !== "string" || typeof region !== "string") return "";
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
