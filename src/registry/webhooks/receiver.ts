// What a receiver of registry webhooks is: a function from one delivery to what it says. It reads nothing but the delivery, and the keys of
// those who sign with keys. The route picks the
// receiver, never a header (T4); an event only says where to look, and the registry says what is true (T5).

import type { ToldImage } from "../../domain/hint.ts";
import type { WebhookSettings } from "../../domain/settings.ts";
import type { Proofs } from "./proofs.ts";

export interface Delivery {
  /** OPTIONS comes only to receivers that shake hands. */
  readonly method: "POST" | "OPTIONS";
  /** The bytes as they came; signatures are over these. */
  readonly body: Uint8Array;
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly settings: WebhookSettings;
  /** The part of the path after the id, for senders that can send no header. */
  readonly secretInPath?: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly proofs: Proofs;
}

export type Received =
  | { readonly kind: "unauthenticated"; readonly why: string }
  /** From the sender that it claims to be from, but not what such a sender says. */
  | { readonly kind: "malformed"; readonly why: string }
  | Unverifiable
  | Handshake
  | Understood;

/** What proves the sender cannot be read at this moment: it is to send again. */
export interface Unverifiable {
  readonly kind: "unverifiable";
  readonly why: string;
}

/** The sender asks whether it may send. Answered 200, and nothing is stored. */
export interface Handshake {
  readonly kind: "handshake";
  /** The body: an object is sent as JSON, a string as plain text. */
  readonly answer: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What was asked, for the log: `Event Grid asked whether it may send`. */
  readonly said: string;
}

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
  /** GHCR alone: what GitHub signed and the registry may not show us. */
  readonly told?: ToldImage;
}

export interface Ignored {
  /** `push of acme/checkout:1.8.0`, made of checked names alone. */
  readonly what: string;
  /** A sentence without a full stop. */
  readonly why: string;
}

export type Receiver = (delivery: Delivery) => Received | Promise<Received>;

export interface ReceiverRow {
  readonly read: Receiver;
  /** Its sender asks with OPTIONS before it sends; the others are answered 405. */
  readonly shakesHands?: true;
}
