// `POST /hooks/registry/<id>` and, for senders that can send no header, `/hooks/registry/<id>/<secret>`. The id picks the
// webhook of the operator's settings and with it the parser (T4); what it says is a hint, and the registry is asked (T5).

import { randomBytes } from "node:crypto";
import type { WebhookKind, WebhookSettings } from "../domain/settings.ts";
import type { Delivery, Received, ReceiverRow, Understood } from "../registry/webhooks/receiver.ts";
import type { Store } from "../store/store.ts";
import { type Answer, type PlainRequest, type Route, refuse } from "./route.ts";
import { trackImages } from "./track-images.ts";

export interface RegistryRouteOptions {
  readonly store: Pick<Store, "hints" | "repositories">;
  readonly webhooks: readonly WebhookSettings[];
  readonly receivers: Readonly<Record<WebhookKind, ReceiverRow>>;
  readonly proofs: Delivery["proofs"];
  /** For the log: a sender asked whether it may send, or confirmed that it will. */
  readonly onHandshake?: (handshake: { readonly webhook: string; readonly said: string }) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const largestEvent = 1024 * 1024;
/** More images in one delivery than any registry sends; the rest is left to the periodic look. */
const mostImages = 200;
/** A delivery that its sender did not name is one and the same only for so long: a tag may be pushed twice. */
const sameFor = 60_000;
const paths = ["/hooks/registry/:id", "/hooks/registry/:id/:secret"] as const;

export function createRegistryRoutes(options: RegistryRouteOptions): readonly Route[] {
  const { receivers } = options;
  const webhooks = new Map(options.webhooks.map((settings) => [settings.id, settings]));
  // Somebody who guesses ids waits as long for "unknown" as for "wrong secret": this one's secret nobody knows.
  const decoy: WebhookSettings = { id: "", kind: "generic", registry: "", secrets: [randomBytes(32).toString("hex")] };
  const handlePost = async (request: PlainRequest): Promise<Answer> => {
    const settings = webhooks.get(request.parameters.id ?? "");
    const received = await receive(options, { method: "POST", request, settings: settings ?? decoy });
    if (settings === undefined) {
      return refuse(404, { code: "unknown-webhook", message: "No webhook of this id is set up." });
    }
    return answer(options, settings, received);
  };
  const handleOptions = async (request: PlainRequest): Promise<Answer> => {
    const settings = webhooks.get(request.parameters.id ?? "");
    if (settings === undefined || receivers[settings.kind].shakesHands === undefined) {
      const message = "This path takes POST only.";
      return refuse(405, { code: "method-not-allowed", message, headers: { allow: "POST" } });
    }
    return answer(options, settings, await receive(options, { method: "OPTIONS", request, settings }));
  };
  const shared = { limit: largestEvent, intake: true } as const;
  const shakesHands = options.webhooks.some(({ kind }) => receivers[kind].shakesHands);
  return paths.flatMap((path): readonly Route[] => [
    { ...shared, path, method: "POST", handle: handlePost },
    ...(shakesHands ? [{ ...shared, path, method: "OPTIONS", handle: handleOptions } as const] : []),
  ]);
}

interface Arrived {
  readonly method: Delivery["method"];
  readonly request: PlainRequest;
  readonly settings: WebhookSettings;
}

async function receive(
  { receivers, proofs, now }: RegistryRouteOptions,
  { method, request: { body, headers, parameters }, settings }: Arrived,
): Promise<Received> {
  const secretInPath = parameters.secret === undefined ? {} : { secretInPath: parameters.secret };
  return receivers[settings.kind].read({ method, body, headers, settings, ...secretInPath, now: now(), proofs });
}

async function answer(options: RegistryRouteOptions, settings: WebhookSettings, received: Received): Promise<Answer> {
  switch (received.kind) {
    case "unauthenticated":
      return refuse(401, { code: "unauthenticated", message: sentence(received.why) });
    case "malformed":
      return refuse(400, { code: "malformed", message: sentence(received.why) });
    case "unverifiable":
      return refuse(503, {
        code: "unverifiable",
        message: `${sentence(received.why)} Send it again.`,
        headers: { "retry-after": "30" },
      });
    case "handshake":
      options.onHandshake?.({ webhook: settings.id, said: received.said });
      return { status: 200, body: received.answer, ...(received.headers && { headers: received.headers }) };
    case "understood":
      return store(options, settings, received);
  }
}

async function store(
  { store: { hints: hintStore, repositories }, now }: RegistryRouteOptions,
  settings: WebhookSettings,
  { delivery, events, ignored }: Understood,
): Promise<Answer> {
  const images = [...new Set(events.map((event) => event.image))];
  const looked = new Set(images.slice(0, mostImages));
  const { hints, untracked } = await trackImages(
    repositories,
    events.filter((event) => looked.has(event.image)),
  );
  const reasons = [
    ...ignored,
    ...untracked.map((image) => ({ what: `event of ${image}`, why: "No pipeline tracks this image" })),
    ...images
      .slice(mostImages)
      .map((image) => ({ what: `event of ${image}`, why: "The delivery names too many images" })),
  ];
  if (hints.length === 0) {
    return { status: 200, body: { delivery, hints: 0, ignored: reasons } };
  }
  const name = delivery.startsWith("sha256:") ? `${delivery}/${Math.floor(now() / sameFor)}` : delivery;
  const outcome = await hintStore.add({ delivery: `registry/${settings.id}/${name}`, hints });
  const already =
    outcome === "duplicate" ? { duplicate: "This delivery was already here; nothing was done again." } : {};
  return {
    status: 202,
    body: { delivery, hints: outcome === "stored" ? hints.length : 0, ...already, ignored: reasons },
  };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
