// `POST /hooks/live/<id>`: what reconcilers and reporters push about a live source. The id picks the source of the
// operator's settings and with it the parser (T4). A push of any kind is a hint to look; a report of our own is kept as well.

import { randomBytes } from "node:crypto";
import type { LiveSettings, ReportsSettings } from "../domain/settings.ts";
import type {
  Keeping,
  LiveReceived,
  LiveReceiver,
  RefusalReason,
  Report,
  UnderstoodPush,
} from "../live/reports/receiver.ts";
import type { Store } from "../store/store.ts";
import { type Answer, type PlainRequest, type RequestHead, type Route, refuse } from "./route.ts";

export interface LiveRouteOptions {
  readonly store: Pick<Store, "hints" | "repositories">;
  readonly sources: readonly Pick<LiveSettings, "id" | "reports">[];
  readonly receivers: Readonly<Record<ReportsSettings["from"], LiveReceiver>>;
  readonly keep: (request: {
    readonly source: string;
    readonly report: Report;
    readonly maxAge: number;
  }) => Promise<Keeping>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** For the metrics: somebody was not recognised. */
  readonly onRefused?: (refused: { readonly from: ReportsSettings["from"]; readonly reason: RefusalReason }) => void;
}

const LARGEST_PUSH = 256 * 1024;
/** Without any of them nobody can be recognised, so nothing is read (T1). */
const PROOFS = ["authorization", "x-signature", "x-drift-signature"] as const;

export function createLiveRoute(options: LiveRouteOptions): Route {
  const sources = new Map(options.sources.flatMap(({ id, reports }) => (reports ? [[id, reports] as const] : [])));
  // Somebody who guesses ids waits as long for "unknown" as for "wrong secret": this one's secret nobody knows.
  const decoy: ReportsSettings = { from: "reporter", secrets: [randomBytes(32).toString("hex")], maxAge: 0 };
  return {
    ...{ method: "POST", path: "/hooks/live/:id", limit: LARGEST_PUSH, intake: true },
    admit: admitWithProof,
    handle: async (request) => {
      const source = request.parameters.id ?? "";
      const known = sources.get(source);
      const settings = known ?? decoy;
      const received = await receive(options, { request, source, settings });
      if (known === undefined) {
        return refuse(404, { code: "unknown-source", message: "No live source of this id takes reports." });
      }
      return answer(options, { source, settings, received });
    },
  };
}

function admitWithProof({ headers }: RequestHead): Answer | undefined {
  if (PROOFS.some((name) => headers[name] !== undefined)) return undefined;
  const message =
    "The sender has to prove who it is: with Authorization, X-Signature or X-Drift-Signature, as its source asks.";
  return refuse(401, { code: "unauthenticated", message });
}

interface Pushed {
  readonly source: string;
  readonly settings: ReportsSettings;
}

function receive(
  { receivers, now }: LiveRouteOptions,
  { request, source, settings }: Pushed & { readonly request: PlainRequest },
): Promise<LiveReceived> {
  const { body, headers } = request;
  return receivers[settings.from]({ body, headers, source, settings, now: now() });
}

async function answer(
  options: LiveRouteOptions,
  { received, ...pushed }: Pushed & { readonly received: LiveReceived },
): Promise<Answer> {
  switch (received.kind) {
    case "unauthenticated":
      options.onRefused?.({ from: pushed.settings.from, reason: received.reason });
      return refuse(401, {
        code: "unauthenticated",
        message: `The sender was not recognised. Needed: ${received.needed}.`,
      });
    case "malformed":
      return refuse(400, { code: "malformed", message: sentence(received.why) });
    case "nothing":
      return { status: 200, body: { hints: 0, ignored: sentence(received.why) } };
    case "understood":
      return store(options, { ...pushed, understood: received });
  }
}

/** Kept first: a hint must not find the report of before. The same one again changes nothing. */
async function store(
  { store: { hints, repositories }, keep }: LiveRouteOptions,
  { source, settings: { maxAge }, understood }: Pushed & { readonly understood: UnderstoodPush },
): Promise<Answer> {
  const { delivery, what, report } = understood;
  const keeping = report === undefined ? "news" : await keep({ source, report, maxAge });
  const followers = await repositories.followers(source);
  if (followers.length === 0) {
    const ignored = `No environment of any repository runs in ${source}, as far as is known.`;
    return { status: 200, body: { delivery, understood: what, hints: 0, ignored } };
  }
  if (keeping !== "news") {
    return { status: 202, body: { delivery, understood: what, hints: 0, [keeping]: KEEPING[keeping] } };
  }
  const outcome = await hints.add({
    delivery: `live/${source}/${delivery}`,
    hints: followers.map(({ repository }) => ({ repository, subject: { kind: "live", source } })),
  });
  const already = outcome === "duplicate" ? { duplicate: "This was already here; nothing was done again." } : {};
  return {
    status: 202,
    body: { delivery, understood: what, hints: outcome === "stored" ? followers.length : 0, ...already },
  };
}

const KEEPING: Readonly<Record<Exclude<Keeping, "news">, string>> = {
  "no-news": "It says the same as the report before; only its time was kept.",
  older: "This was already here, or something newer is; nothing was done.",
};

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
