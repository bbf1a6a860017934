// Reports in our own formats, `live-report/v1` and `drift-report/v1`: signed with a time, or sent with a ServiceAccount's
// token. They are read strictly, since whoever sends them can correct them; cluster A never speaks for cluster B (T26).

import { bearerOf, isSigned } from "./check-sender.ts";
import { isReportersToken } from "./check-token.ts";
import { claimOf, DRIFT_REPORT, driftReport } from "./drift-report.ts";
import type { Shaped } from "./json-shape.ts";
import { LIVE_REPORT, liveReport } from "./live-report.ts";
import { readPush } from "./read-push.ts";
import type { LiveDelivery, LiveReceived, RefusalReason, Report } from "./receiver.ts";

/** Clocks may differ so much, and a message may be under way so long. */
const WINDOW = 5 * 60_000;

export async function receiveReporter(delivery: LiveDelivery): Promise<LiveReceived> {
  const refused = await whyNotOurs(delivery);
  if (refused !== undefined) return { kind: "unauthenticated", reason: refused, needed: neededOf(delivery) };
  const push = readPush(delivery.body);
  if (push === undefined) return { kind: "malformed", why: "the body is not a JSON object in UTF-8" };
  const read = readReport(push);
  return read.kind === "faulty" ? { kind: "malformed", why: read.why } : judge(read.value, delivery);
}

interface AnyReport {
  readonly reportId: string;
  readonly cluster: string;
  readonly observedAt: number;
  readonly what: string;
  readonly report: Report;
}

function readReport(push: { readonly schema?: unknown }): Shaped<AnyReport> {
  switch (push.schema) {
    case LIVE_REPORT: {
      const read = liveReport.read(push, "");
      if (read.kind === "faulty") return read;
      const { states, observedAt } = read.value;
      const what = `what runs in ${read.value.cluster}, of ${states.length} ${states.length === 1 ? "target" : "targets"}`;
      return { kind: "fits", value: { ...read.value, what, report: { kind: "states", observedAt, states } } };
    }
    case DRIFT_REPORT: {
      const read = driftReport.read(push, "");
      if (read.kind === "faulty") return read;
      const { kind, name } = read.value.target;
      const report = { kind: "drift", claim: claimOf(read.value) } as const;
      return { kind: "fits", value: { ...read.value, what: `drift of ${kind} ${name}`, report } };
    }
  }
  return { kind: "faulty", why: `\`schema\` is neither ${LIVE_REPORT} nor ${DRIFT_REPORT}` };
}

function judge(read: AnyReport, { source, settings, now }: LiveDelivery): LiveReceived {
  const { reportId, cluster, observedAt, what, report } = read;
  if (cluster !== source) {
    return {
      kind: "malformed",
      why: `\`cluster\` is \`${cluster}\`; whoever reports here speaks for \`${source}\` alone`,
    };
  }
  if (observedAt > now + WINDOW) {
    return { kind: "malformed", why: "`observedAt` is more than 5 minutes in the future; compare the clocks" };
  }
  if (observedAt < now - settings.maxAge) {
    return { kind: "nothing", why: "the report is older than the `max-age` of this source and says nothing any more" };
  }
  return { kind: "understood", delivery: reportId, what, report };
}

/** `undefined`: it is from the reporter. */
async function whyNotOurs(delivery: LiveDelivery): Promise<RefusalReason | undefined> {
  const { settings, now } = delivery;
  const token = bearerOf(delivery);
  if (token !== undefined && settings.token !== undefined) {
    return (await isReportersToken({ token, settings: settings.token, now })) ? undefined : "token";
  }
  return checkSignature(delivery);
}

function checkSignature({ body, headers, settings: { secrets }, now }: LiveDelivery): RefusalReason | undefined {
  const timestamp = headers["x-drift-timestamp"];
  const signature = headers["x-drift-signature"];
  if (typeof timestamp !== "string" || typeof signature !== "string") return "missing";
  // Who signed it is asked first: a stranger does not learn what our clock says.
  const signed = /^sha256=/i.test(signature) && isSigned({ parts: [timestamp, ".", body], signature, secrets });
  if (!signed) return "signature";
  const at = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  return Math.abs(at - now) <= WINDOW ? undefined : "time";
}

function neededOf({ settings: { secrets, token } }: LiveDelivery): string {
  const signature =
    "the headers `X-Drift-Timestamp: <seconds since 1970>`, at most 5 minutes off, and `X-Drift-Signature: sha256=<hex>`, " +
    "the HMAC of the timestamp, a dot and the body with the secret of this source";
  const bearer = "the header `Authorization: Bearer <token>` with a valid token of the ServiceAccount of this source";
  if (token === undefined) return signature;
  return secrets.length === 0 ? bearer : `${signature}, or ${bearer}`;
}
