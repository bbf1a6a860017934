// Whether a message is one that Amazon SNS sent for the topic of the settings: topic, hosts and time first, all of them
// cheap, then the signature with the certificate of that region, over the text that SNS signs.
// Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html

import { createVerify, X509Certificate } from "node:crypto";
import type { Proofs } from "./proofs.ts";

export interface SnsMessage {
  readonly type: "Notification" | "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  readonly id: string;
  /** Signed: what the topic's publisher said. */
  readonly message: string;
  /** Checked: at the region's own host. Only of what confirms or ends a subscription. */
  readonly subscribeUrl?: string;
}

export type SnsVerdict =
  | { readonly kind: "holds"; readonly message: SnsMessage }
  | { readonly kind: "refused"; readonly why: string }
  /** The certificate cannot be read now; the message may be right. */
  | { readonly kind: "unverifiable"; readonly why: string };

export interface SnsCheck {
  readonly body: Readonly<Record<string, unknown>>;
  /** `arn:aws:sns:us-west-2:123456789012:ecr-push`. */
  readonly topic: string;
  readonly proofs: Proofs;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Which fields are signed, in this order; those in brackets only where they are there. */
const SIGNED = {
  Notification: ["Message", "MessageId", "[Subject]", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;
const ALGORITHMS: Readonly<Record<string, string>> = { "1": "RSA-SHA1", "2": "RSA-SHA256" };
/** SNS tries for an hour at most; milliseconds. */
const OLDEST = 2 * 60 * 60_000;
const MOST_AHEAD = 5 * 60_000;
const ARN = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z0-9-]{3,40}):[0-9]{12}:[A-Za-z0-9_.-]{1,260}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

type Type = SnsMessage["type"];
type Json = SnsCheck["body"];

export async function checkSns({ body, topic, proofs, now }: SnsCheck): Promise<SnsVerdict> {
  const type = typeOf(body.Type);
  const signed = type && textToSign(body, type);
  const { Signature: signature, SignatureVersion: version, MessageId: id, Message: message } = body;
  const algorithm = typeof version === "string" && Object.hasOwn(ALGORITHMS, version) ? ALGORITHMS[version] : undefined;
  if (
    type === undefined ||
    signed === undefined ||
    typeof signature !== "string" ||
    typeof id !== "string" ||
    typeof message !== "string"
  ) {
    return refused("the body is not a signed message of Amazon SNS");
  }
  if (algorithm === undefined) return refused("its signature is of a version other than 1 and 2");
  const wrong = refuseTopic(body, topic) ?? refuseTime(body, now);
  if (wrong !== undefined) return refused(wrong);
  const host = snsHost(topic);
  const certificateUrl = addressAt(host, body.SigningCertURL);
  if (host === undefined || certificateUrl === undefined || !isCertificatePath(certificateUrl)) {
    return refused(`its \`SigningCertURL\` is not a certificate at ${host ?? "Amazon SNS"}`);
  }
  const subscribe = type === "Notification" ? undefined : addressAt(host, body.SubscribeURL);
  if (type !== "Notification" && subscribe === undefined) return refused(`its \`SubscribeURL\` is not at ${host}`);
  const certificate = await proofs.certificate(certificateUrl.href);
  if (certificate.kind === "unknown") {
    return { kind: "unverifiable", why: `it cannot be checked, because ${certificate.why}` };
  }
  const key = keyOf(certificate.value, now);
  if (key === undefined || !createVerify(algorithm).update(signed, "utf8").verify(key, signature, "base64")) {
    return refused("it is not signed by Amazon SNS");
  }
  return { kind: "holds", message: { type, id, message, ...(subscribe && { subscribeUrl: subscribe.href }) } };
}

/** Of the topic's region and nowhere else: a wider pattern would also fit what anybody can put under amazonaws.com. */
export function snsHost(topic: string): string | undefined {
  const [, partition, region] = ARN.exec(topic) ?? [];
  return region === undefined ? undefined : `sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

function typeOf(written: unknown): Type | undefined {
  return written === "Notification" || written === "SubscriptionConfirmation" || written === "UnsubscribeConfirmation"
    ? written
    : undefined;
}

function textToSign(body: Json, type: Type): string | undefined {
  const lines: string[] = [];
  for (const each of SIGNED[type]) {
    const name = each.replace(/[[\]]/g, "");
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (each !== name && (value === undefined || value === null)) continue;
    if (typeof value !== "string") return undefined;
    lines.push(`${name}\n${value}\n`);
  }
  return lines.join("");
}

function refuseTopic({ TopicArn: arn }: Json, topic: string): string | undefined {
  return topic !== "" && arn === topic ? undefined : "it is of another topic than the settings say";
}

function refuseTime({ Timestamp: written }: Json, now: number): string | undefined {
  const time = typeof written === "string" && TIMESTAMP.test(written) ? Date.parse(written) : Number.NaN;
  if (!Number.isFinite(time)) return "its `Timestamp` is no time";
  if (time > now + MOST_AHEAD) return "its `Timestamp` lies in the future";
  return time < now - OLDEST ? `it was sent more than ${OLDEST / 3_600_000} hours ago` : undefined;
}

function addressAt(host: string | undefined, written: unknown): URL | undefined {
  const url = typeof written === "string" && written.length <= 2048 ? URL.parse(written) : null;
  if (url === null || host === undefined || url.protocol !== "https:" || url.host !== host) return undefined;
  return url.username === "" && url.password === "" ? url : undefined;
}

function isCertificatePath({ pathname, search, hash }: URL): boolean {
  return /^\/SimpleNotificationService-[0-9a-f]{16,64}\.pem$/.test(pathname) && search === "" && hash === "";
}

function keyOf(pem: string | undefined, now: number): X509Certificate["publicKey"] | undefined {
  if (pem === undefined) return undefined;
  try {
    const { publicKey, validFrom, validTo } = new X509Certificate(pem);
    const isValid = Date.parse(validFrom) <= now && now <= Date.parse(validTo);
    return isValid && publicKey.asymmetricKeyType === "rsa" ? publicKey : undefined;
  } catch {
    // What lies at the address is no certificate.
    return undefined;
  }
}

function refused(why: string): SnsVerdict {
  return { kind: "refused", why };
}
