// Amazon SNS as a sender: messages signed as it signs them, with a certificate made anew for each run.

import { createSign, generateKeyPairSync } from "node:crypto";
import { makeCertificate } from "../../cluster/make-certificate.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const TOPIC = "arn:aws:sns:us-west-2:123456789012:ecr-push";
export const CERTIFICATE_URL = `https://sns.us-west-2.amazonaws.com/SimpleNotificationService-${"0f".repeat(16)}.pem`;
export const SUBSCRIBE_URL = `https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`;
export const CERTIFICATE = makeCertificate({ for: publicKey }).cert;

const usual = {
  MessageId: "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
  TopicArn: TOPIC,
  SignatureVersion: "2",
  SigningCertURL: CERTIFICATE_URL,
};

export interface SnsFields extends Readonly<Record<string, unknown>> {
  readonly Timestamp: string;
}

export function notification(message: unknown, fields: SnsFields): object {
  return signSns({
    Type: "Notification",
    ...usual,
    Message: JSON.stringify(message),
    UnsubscribeURL: `${SUBSCRIBE_URL}x`,
    ...fields,
  });
}

export function confirmation(fields: SnsFields): object {
  const message = `You have chosen to subscribe to the topic ${TOPIC}.`;
  return signSns({
    Type: "SubscriptionConfirmation",
    ...usual,
    Message: message,
    Token: "abc",
    SubscribeURL: SUBSCRIBE_URL,
    ...fields,
  });
}

/** Signs what it is given, fields of a forger included: whatever is refused is then refused for its own reason. */
function signSns(body: Readonly<Record<string, unknown>>): object {
  const names =
    body.Type === "Notification"
      ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
      : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const signer = createSign(body.SignatureVersion === "1" ? "RSA-SHA1" : "RSA-SHA256");
  for (const name of names) if (body[name] !== undefined) signer.update(`${name}\n${body[name]}\n`);
  return { ...body, Signature: signer.sign(privateKey, "base64") };
}
