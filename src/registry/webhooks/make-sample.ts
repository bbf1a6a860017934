// A sample delivery of every kind of webhook, for operators who want to try one: the body as its sender writes it, in the
// sender's own words, and the proof as its sender brings it. Beside the receivers, which have to understand each of them.

import { createHmac } from "node:crypto";
import { registryOf, repositoryOf } from "../../domain/image-name.ts";
import type { WebhookKind, WebhookSettings } from "../../domain/settings.ts";
import { explainSigning } from "./explain-signing.ts";
import type { Sample, SampleDelivery, SampleRequest } from "./sample.ts";
import { SAMPLE_BODIES, type SampleBody } from "./sample-bodies.ts";

type Proving = (body: string, secret: string) => Pick<SampleDelivery, "proof" | "secretInPath">;

const asBearer: Proving = (_, secret) => ({ proof: { authorization: `Bearer ${secret}` } });
const inPath: Proving = (_, secretInPath) => ({ proof: {}, secretInPath });
const asHeader =
  (name: string): Proving =>
  (_, secret) => ({ proof: { [name]: secret } });
const asHmac =
  (name: string, { hash = "sha256", before = "" } = {}): Proving =>
  (body, secret) => ({ proof: { [name]: `${before}${createHmac(hash, secret).update(body).digest("hex")}` } });

/** As most senders of the kind are set up; some can do it in several ways. */
const PROVING: Readonly<Record<WebhookKind, Proving>> = {
  dockerhub: inPath,
  ghcr: asHmac("x-hub-signature-256", { before: "sha256=" }),
  harbor: asHeader("authorization"),
  quay: inPath,
  acr: asHeader("authorization"),
  jfrog: asHeader("x-jfrog-event-auth"),
  nexus: asHmac("x-nexus-webhook-signature", { hash: "sha1" }),
  gitlab: asBearer,
  gitea: asHmac("x-gitea-signature"),
  forgejo: asHmac("x-forgejo-signature"),
  zot: asBearer,
  aliyun: inPath,
  gar: asBearer,
  ecr: asBearer,
  distribution: asBearer,
  cloudevents: asBearer,
  cdevents: asBearer,
  generic: asHmac("x-stagecoach-signature-256", { before: "sha256=" }),
};

export function makeSample(request: SampleRequest): Sample {
  const { settings, image } = request;
  const words = findWords(settings, image);
  if (words === undefined) {
    return { kind: "foreign", why: `The webhook \`${settings.id}\` does not speak for ${registryOf(image)}.` };
  }
  const made = SAMPLE_BODIES[settings.kind]({ ...request, ...words });
  const [secret] = settings.secrets;
  const body = JSON.stringify(made.body);
  if (secret === undefined) return { kind: "unsignable", instead: explainSigning(settings, body) };
  const proving = settings.signed === true ? asHmac("x-jfrog-event-auth") : PROVING[settings.kind];
  return { kind: "delivery", headers: headersOf(made), ...proving(body, secret), body };
}

function headersOf({ headers = {} }: SampleBody): Readonly<Record<string, string>> {
  return { "content-type": "application/json", ...headers };
}

/** How the sender calls what pipeline files call so. */
function findWords(
  { registry, repositories = [] }: WebhookSettings,
  image: string,
): { readonly word: string; readonly listed: boolean; readonly repository: string } | undefined {
  const named = repositories.find((each) => image.startsWith(`${each.image}/`));
  if (named !== undefined) {
    return { word: named.name, listed: true, repository: image.slice(named.image.length + 1) };
  }
  if (registryOf(image) !== registry) return undefined;
  return { word: registry, listed: false, repository: repositoryOf(image) };
}
