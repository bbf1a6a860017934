// `POST /api/github/webhooks`: checks the signature on the raw bytes, stores the hints, then says 202. What an event
// means is read by the function that the forge gives; nothing is done here but remembering.

import type { Hint } from "../domain/hint.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import type { Store } from "../store/store.ts";
import { type Answer, type PlainRequest, type RequestHead, type Route, readHeader, refuse } from "./route.ts";
import { type NamedImage, trackImages } from "./track-images.ts";
import { isSignedByAny, looksLikeSignature } from "./verify-signature.ts";

export interface GithubEvent {
  readonly hints: readonly Hint[];
  readonly directory: DirectoryChange;
  /** The repositories to wake are those that track the image. */
  readonly images: readonly NamedImage[];
  /** Why there is nothing to do. */
  readonly ignored?: string;
}

export interface DirectoryChange {
  readonly save?: readonly RepositoryReference[];
  readonly remove?: readonly number[];
  readonly installation?: { readonly id: number; readonly state: "active" | "suspended" | "deleted" };
}

export interface GithubRouteOptions {
  readonly store: Pick<Store, "hints" | "repositories">;
  /** Any of them counts. */
  readonly secrets: readonly string[];
  readonly readEvent: (message: { readonly event: string; readonly payload: object }) => GithubEvent;
}

/** GitHub sends nothing larger. */
const largestDelivery = 25 * 1024 * 1024;
const deliveryId = /^[A-Za-z0-9-]{1,100}$/;
const eventName = /^[a-z_]{1,60}$/;

/** Throws when there is no real secret: an app that believes everybody must not start (T2, T29). */
export function createGithubRoute(options: GithubRouteOptions): Route {
  const { secrets } = options;
  if (secrets.length === 0 || secrets.some((secret) => secret.trim() === "" || secret === "development")) {
    throw new Error("WEBHOOK_SECRET is missing or is no secret. Set it to the webhook secret of the GitHub App.");
  }
  return {
    method: "POST",
    path: "/api/github/webhooks",
    limit: largestDelivery,
    intake: true,
    admit: ({ headers }) => (looksLikeSignature(readSignature(headers)) ? undefined : unsigned()),
    handle: (request) => receive(options, request),
  };
}

async function receive({ store, secrets, readEvent }: GithubRouteOptions, request: PlainRequest): Promise<Answer> {
  const { headers, body } = request;
  if (!isSignedByAny({ body, signature: readSignature(headers) ?? "", secrets })) {
    return unsigned();
  }
  const delivery = readHeader(headers, "x-github-delivery") ?? "";
  const event = readHeader(headers, "x-github-event") ?? "";
  if (!deliveryId.test(delivery) || !eventName.test(event)) {
    return malformed("The headers X-GitHub-Delivery and X-GitHub-Event must name the delivery and its event.");
  }
  const payload = parseObject(body);
  if (payload === undefined) {
    return malformed("The body is not a JSON object. Set the content type of the webhook to application/json.");
  }
  const read = readEvent({ event, payload });
  await changeDirectory(store.repositories, read.directory);
  const tracked = await trackImages(store.repositories, read.images);
  const hints = [...read.hints, ...tracked.hints];
  if (hints.length === 0) {
    return { status: 200, body: { delivery, hints: 0, ignored: read.ignored ?? explainNothing(tracked.untracked) } };
  }
  const outcome = await store.hints.add({ delivery: `github/${delivery}`, hints });
  const already =
    outcome === "duplicate" ? { duplicate: "This delivery was already here; nothing was done again." } : {};
  return { status: 202, body: { delivery, hints: outcome === "stored" ? hints.length : 0, ...already } };
}

function explainNothing(untracked: readonly string[]): string {
  return untracked.length === 0
    ? "it only says where the app is installed"
    : `no pipeline tracks ${untracked.join(", ")}`;
}

async function changeDirectory(repositories: Store["repositories"], change: DirectoryChange): Promise<void> {
  const { save = [], remove = [], installation } = change;
  for (const repository of save) {
    await repositories.save(repository);
  }
  const gone =
    installation === undefined || installation.state === "active"
      ? []
      : (await repositories.list()).filter((each) => each.installation === installation.id);
  for (const repository of [...remove, ...gone.map((each) => each.repository)]) {
    await repositories.remove(repository);
  }
}

function readSignature(headers: RequestHead["headers"]): string | undefined {
  return readHeader(headers, "x-hub-signature-256");
}

function parseObject(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function unsigned(): Answer {
  const message = "The header X-Hub-Signature-256 is missing, or it was not made of this body with the webhook secret.";
  return refuse(401, { code: "unsigned", message });
}

function malformed(message: string): Answer {
  return refuse(400, { code: "malformed", message });
}
