// What a receiver of registry webhooks is: a pure function from one delivery to what it says. The route picks the
// receiver, never a header (T4); an event only says where to look, and the registry says what is true (T5).

export interface WebhookSettings {
  /** The last part of the route, `/hooks/registry/<id>`. */
  readonly id: string;
  readonly kind: WebhookKind;
  /** The registry that sends, as image names spell it; `generic` may leave it out and then takes images of any. */
  readonly registry?: string;
  /** Any of them counts, so that one can be replaced by the next; never empty. */
  readonly secrets: readonly string[];
}

export type WebhookKind = "distribution" | "generic";

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
