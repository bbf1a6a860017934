// What to do where a sample cannot be signed, because only the real sender has the key: how to make that sender send one.

import type { WebhookSettings } from "../../domain/settings.ts";

/** `body` is what a sample would have said. Paragraphs; commands stand on lines of their own. */
export function explainSigning({ kind, topic, token }: WebhookSettings, body: string): string {
  if (kind === "gar") {
    return [
      "Only Google can sign what Pub/Sub pushes. Let Pub/Sub push such a message itself:",
      `  gcloud pubsub topics publish gcr --message ${quote(messageIn(body))}`,
      "`gcloud pubsub subscriptions describe <subscription>` shows where it pushes to, and as whom.",
    ].join("\n");
  }
  if (topic !== undefined) {
    return [
      "Only Amazon SNS can sign what it sends. Let the topic send such a message itself:",
      `  aws sns publish --topic-arn ${topic} --message ${quote(body)}`,
    ].join("\n");
  }
  return [
    `Only ${token?.issuer ?? "the issuer"} can sign the token that this webhook takes, and it gives one to jobs alone.`,
    "docs/webhooks.md has the step for a job of GitHub Actions and of GitLab; it sends:",
    `  ${body}`,
  ].join("\n");
}

/** Pub/Sub wraps what is published. */
function messageIn(body: string): string {
  const { message } = JSON.parse(body) as { readonly message?: { readonly data?: string } };
  return Buffer.from(message?.data ?? "", "base64").toString("utf8");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
