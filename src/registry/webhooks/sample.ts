// The port to sample deliveries: what the sender of a webhook would send for a push, proven as that sender proves itself, and
// what a running Stagecoach answers to it.

import type { WebhookSettings } from "../../domain/settings.ts";

export interface SampleRequest {
  readonly settings: WebhookSettings;
  /** Normalised: `ghcr.io/acme/checkout`. */
  readonly image: string;
  readonly tag: string;
  /** Only where somebody gave one: none is ever made up. */
  readonly digest?: string;
  /** What the delivery is called, where its sender gives names. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

export type Sample =
  | {
      readonly kind: "delivery";
      /** Of the body; nothing secret. */
      readonly headers: Readonly<Record<string, string>>;
      /** Headers that prove the sender: a secret, or a signature over the body. */
      readonly proof: Readonly<Record<string, string>>;
      /** Stands at the end of the path. */
      readonly secretInPath?: string;
      readonly body: string;
    }
  /** Nobody but the real sender can sign it; a paragraph about what to do instead. */
  | { readonly kind: "unsignable"; readonly instead: string }
  /** The webhook does not speak for this image; a sentence. */
  | { readonly kind: "foreign"; readonly why: string };

export type SampleDelivery = Extract<Sample, { readonly kind: "delivery" }>;

export interface Samples {
  readonly make: (request: SampleRequest) => Sample;
  /** Posts it once; follows no redirect. */
  readonly send: (delivery: SampleDelivery, address: SampleAddress) => Promise<SampleAnswer>;
}

export interface SampleAddress {
  /** Of the running Stagecoach, without a path: `https://stagecoach.acme.example`. */
  readonly base: string;
  /** The webhook's id. */
  readonly id: string;
}

export type SampleAnswer =
  /** `body` as JSON, `undefined` where it is none. */
  | { readonly kind: "answered"; readonly status: number; readonly body: unknown }
  /** A clause: `localhost:3000 refused the connection`. */
  | { readonly kind: "unanswered"; readonly why: string };
