// Signs one delivery and posts it as GitHub does: ten seconds, no second try, whatever the answer.

import { createHmac } from "node:crypto";

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
}

export interface SendOutcome {
  readonly status: string;
  readonly statusCode: number;
  /** seconds */
  readonly duration: number;
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly payload: string };
}

const timeoutInMilliseconds = 10_000;

export function signRequest({
  appId,
  event,
  guid,
  raw,
  secret,
}: {
  readonly appId: number;
  readonly event: string;
  readonly guid: string;
  readonly raw: string;
  readonly secret: string;
}): SignedRequest {
  const sign = (algorithm: string) => `${algorithm}=${createHmac(algorithm, secret).update(raw).digest("hex")}`;
  const headers = {
    Accept: "*/*",
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/2f8a1c3",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event,
    "X-GitHub-Hook-ID": String(appId),
    "X-GitHub-Hook-Installation-Target-ID": String(appId),
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-Hub-Signature": sign("sha1"),
    "X-Hub-Signature-256": sign("sha256"),
  };
  return { headers, raw };
}

export async function sendDelivery(url: string, { headers, raw }: SignedRequest): Promise<SendOutcome> {
  const start = performance.now();
  const duration = () => Math.round(performance.now() - start) / 1000;
  try {
    const signal = AbortSignal.timeout(timeoutInMilliseconds);
    const answer = await fetch(url, { method: "POST", headers, body: raw, signal, redirect: "manual" });
    const payload = await answer.text();
    const status = answer.ok ? "OK" : `Invalid HTTP Response: ${answer.status}`;
    const response = { headers: Object.fromEntries(answer.headers), payload };
    return { status, statusCode: answer.status, duration: duration(), response };
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    return {
      status: timedOut ? "timed out" : "failed to connect to host",
      statusCode: timedOut ? 504 : 502,
      duration: duration(),
      response: { headers: {}, payload: "" },
    };
  }
}
