// Senders that share no secret: Pub/Sub with Google's token, SNS with Amazon's signature, a build job with its issuer's token.
// They take part where broken bodies are sent; their own tables say what each of them is believed for.

import { known } from "../../../../src/domain/seen.ts";
import type { Proofs } from "../../../../src/registry/webhooks/proofs.ts";
import { createRandom, mutateValue } from "../../../http/mutate.ts";
import { CERTIFICATE, CERTIFICATE_URL, confirmation, notification, TOPIC } from "../sign-sns.ts";
import { createIssuer } from "../sign-token.ts";
import { ecr, ecrEvent } from "./ecr.ts";
import { generic } from "./generic.ts";
import { DIGEST, one, type Vendor } from "./vendor.ts";

export interface KeyedVendor extends Vendor {
  readonly proofs: Proofs;
  /** When its tokens and messages are fresh. */
  readonly now: number;
}

const now = Date.parse("2026-03-02T10:00Z");
const issuer = await createIssuer();
const proofs: Proofs = {
  keySet: async () => known(issuer.keys),
  certificate: async (address) => known(address === CERTIFICATE_URL ? CERTIFICATE : undefined),
  confirm: async () => known(undefined),
};
const times = { iat: now / 1000 - 60, exp: now / 1000 + 3_000 };
const google = {
  iss: "https://accounts.google.com",
  aud: "stagecoach",
  email: "push@acme.example",
  email_verified: true,
};
const github = { iss: "https://token.actions.githubusercontent.com", aud: "stagecoach", repository_owner: "shop" };
const garToken = await issuer.sign({ ...google, ...times });
const jobToken = await issuer.sign({ ...github, ...times });
const withToken = (token: string) => (_: Buffer) => ({ headers: { authorization: `Bearer ${token}` } });

const HOST = "europe-west1-docker.pkg.dev";
const wrap = (message: unknown) => ({
  message: { data: Buffer.from(JSON.stringify(message) ?? "").toString("base64"), messageId: "136969346945" },
  subscription: "projects/shop/subscriptions/stagecoach",
});
const message = {
  action: "INSERT",
  digest: `${HOST}/shop/apps/checkout@${DIGEST}`,
  tag: `${HOST}/shop/apps/checkout:1.8.0`,
};
/** Nobody can sign what was broken on its way, so what is signed is broken before. */
const broken = (value: unknown, count: number) => {
  const random = createRandom(20260702);
  return Array.from({ length: count }, () => mutateValue(random, value) ?? "");
};
const pushed = { image: `${HOST}/shop/apps/checkout`, tag: "1.8.0", digest: DIGEST };
const sent = (body: unknown) => one("a message", body, { events: [pushed] });
const Timestamp = new Date(now - 60_000).toISOString();

const gar: KeyedVendor = {
  ...{ name: "gar", kind: "gar", proofs, now, prove: withToken(garToken), noProofs: [] },
  settings: {
    registry: HOST,
    token: { issuer: google.iss, audience: "stagecoach", email: google.email, claims: {} },
  },
  rows: {
    push: sent(wrap(message)),
    multiArch: sent(wrap({ ...message, tag: undefined })),
    digestOnly: sent(message),
    deletion: sent(wrap({ ...message, action: "DELETE" })),
    foreign: sent({ events: [] }),
  },
  more: broken(message, 200).map((each) => sent(wrap(each))),
};

const sns: KeyedVendor = {
  ...{ ...ecr, name: "ecr, by SNS", proofs, now, prove: () => ({}), noProofs: [] },
  settings: { ...ecr.settings, topic: TOPIC },
  rows: {
    push: sent(notification(ecrEvent(), { Timestamp })),
    multiArch: sent(notification(ecrEvent({ "image-tag": undefined }), { Timestamp })),
    digestOnly: sent(notification(ecrEvent(), { Timestamp, SignatureVersion: "1" })),
    deletion: sent(confirmation({ Timestamp, Type: "UnsubscribeConfirmation" })),
    foreign: sent(confirmation({ Timestamp })),
  },
  more: broken(ecrEvent(), 200).map((each) => sent(notification(each, { Timestamp }))),
};

const job: KeyedVendor = {
  ...{ ...generic, name: "generic, with a job's token", proofs, now, prove: withToken(jobToken), noProofs: [] },
  settings: {
    ...generic.settings,
    token: { issuer: github.iss, audience: "stagecoach", claims: { repository_owner: "shop" } },
  },
};

export const KEYED_VENDORS: readonly KeyedVendor[] = [gar, sns, job];
