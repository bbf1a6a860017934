// What a receiver of registry webhooks is: a pure function from one delivery to what it says. The route picks the
// receiver, never a header (T4); an event only says where to look, and the registry says what is true (T5).

import type { WebhookSettings } from "../../domain/settings.ts";

export interface Delivery {
  /** The bytes as they came; signatures are over these. */
  readonly body: Uint8Array;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly settings: WebhookSettings;
  /** The part of the path after the id, for senders that can send no header. */
  readonly secretInPath?: string;
}

export type Received =
  | { readonly kind: "unauthenticated"; readonly why: string }
  /** From the sender that it claims to be from, but not what such a sender says. */
  | { readonly kind: "malformed"; readonly why: string }
  | Understood;

export interface Understood {
  readonly kind: "understood";
  /** The same for every repetition of this delivery, whatever it is called. */
  readonly delivery: string;
  readonly events: readonly ImageEvent[];
  readonly ignored: readonly Ignored[];
}

export interface ImageEvent {
  /** Normalised: `ghcr.io/acme/checkout`. */
  readonly image: string;
  readonly tag?: string;
  /** What the sender claims; a hint like the rest. */
  readonly digest?: string;
}

export interface Ignored {
  /** `push of acme/checkout:1.8.0`, made of checked names alone. */
  readonly what: string;
  /** A sentence without a full stop. */
  readonly why: string;
}

export type Receiver = (delivery: Delivery) => Received;
