// Who may send CloudEvents and CDEvents, which have no proof of their own: a secret as a bearer, as a password, as an API key
// or in the path. The handshake proves nothing and allows nothing; only a wrong secret in the path is turned away.

import { allowOrigin } from "./allow-origin.ts";
import { sentAsPassword, sentInHeader, sentInPath, sentTheSecret, unauthenticated } from "./check-sender.ts";
import type { Delivery, Received } from "./receiver.ts";

export function sentToEvents(delivery: Delivery): boolean {
  return sentTheSecret(delivery) || sentAsPassword(delivery) || sentInHeader(delivery, "x-api-key");
}

/** Senders ask before they have anything to prove, so each delivery has to bring its own proof. */
export function answerHandshake(delivery: Delivery): Received {
  const isWrong = delivery.secretInPath !== undefined && !sentInPath(delivery);
  return isWrong ? unauthenticated("the secret at the end of the path") : allowOrigin(delivery);
}
