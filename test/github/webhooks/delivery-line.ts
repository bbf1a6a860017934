// The line in which deliveries wait for their turn: one after the other, so that a story is the same each time, unless a
// switch loses, doubles or holds them. What was sent stands in the model's log, as GitHub keeps it.

import type { App } from "../model/identity.ts";
import { type Model, timestamp } from "../model/model.ts";
import { type SendOutcome, sendDelivery, signRequest } from "./send-delivery.ts";

/**
 * send: as GitHub on a good day. lose: it never happened, not even in the log. fail: in the log, as if nobody had
 * listened. double: sent twice with the same GUID. hold: kept until flush().
 */
export type DeliveryMode = "send" | "lose" | "fail" | "double" | "hold";

export interface DeliverySwitch {
  readonly mode: DeliveryMode;
  /** only this event, only this action; both absent = everything */
  readonly event?: string;
  readonly action?: string;
  /** only the next so many */
  readonly times?: number;
}

export interface PendingDelivery {
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly raw: string;
}

export interface DeliveryLine {
  readonly model: Model;
  switches: { readonly rule: DeliverySwitch; left: number }[];
  held: PendingDelivery[];
  /** the end of the line: everything sent so far */
  last: Promise<void>;
  /** counted here, because the model's ids would otherwise depend on how fast a delivery was answered */
  logged: bigint;
}

/** Delivery ids of GitHub are bigger than a double can hold. */
const firstDeliveryId = 1_800_000_000_000_000_000n;

export function createLine(model: Model): DeliveryLine {
  return { model, switches: [], held: [], last: Promise.resolve(), logged: 0n };
}

/** What the switches let happen to it. */
export function hand(line: DeliveryLine, delivery: PendingDelivery): void {
  switch (modeFor(line, delivery)) {
    case "send":
      send(line, { delivery });
      break;
    case "double":
      send(line, { delivery });
      send(line, { delivery });
      break;
    case "hold":
      line.held.push(delivery);
      break;
    case "fail":
      record(line, { delivery, outcome: nobodyListens });
      break;
    case "lose":
      break;
  }
}

/** Past the switches: what was held, what is redelivered. */
export function send(
  line: DeliveryLine,
  { delivery, redelivery = false }: { readonly delivery: PendingDelivery; readonly redelivery?: boolean },
): void {
  const { model } = line;
  line.last = line.last.then(async () => {
    const { url, secret } = model.settings.webhook;
    const [app] = appUnderTest(model);
    if (url === undefined || app === undefined) return;
    const { event, guid, raw } = delivery;
    const outcome = await sendDelivery(url, signRequest({ appId: app.id, event, guid, raw, secret }));
    record(line, { delivery, outcome, redelivery });
  });
}

const nobodyListens: SendOutcome = {
  status: "failed to connect to host",
  statusCode: 502,
  duration: 0,
  response: { headers: {}, payload: "" },
};

function record(
  line: DeliveryLine,
  {
    delivery,
    outcome,
    redelivery = false,
  }: {
    readonly delivery: PendingDelivery;
    readonly outcome: SendOutcome;
    readonly redelivery?: boolean;
  },
): void {
  const { model } = line;
  const { raw, ...told } = delivery;
  line.logged += 1n;
  const { url = "", secret } = model.settings.webhook;
  const [app] = appUnderTest(model);
  const { headers } = signRequest({ appId: app?.id ?? 0, event: told.event, guid: told.guid, raw, secret });
  model.deliveries.push({
    ...told,
    ...outcome,
    id: firstDeliveryId + line.logged,
    deliveredAt: timestamp(model),
    redelivery,
    url,
    request: { headers, payload: JSON.parse(raw), raw },
  });
}

/** The webhook belongs to the app that was made first; others only report checks. */
export function appUnderTest(model: Model): readonly App[] {
  return [...model.apps.values()].slice(0, 1);
}

function modeFor(line: DeliveryLine, { event, action }: PendingDelivery): DeliveryMode {
  const found = line.switches.find(
    ({ rule, left }) =>
      left > 0 &&
      (rule.event === undefined || rule.event === event) &&
      (rule.action === undefined || rule.action === action),
  );
  if (found === undefined) return "send";
  found.left -= 1;
  return found.rule.mode;
}

/** Answers may cause new events, so the end of the line is looked for again until it stays. */
export async function settle(line: DeliveryLine): Promise<void> {
  let seen: Promise<void> | undefined;
  while (seen !== line.last) {
    seen = line.last;
    await seen;
  }
}
