// Turns what the model announces into deliveries to the app under test, one after the other, and keeps GitHub's log of
// them. The switches make the network as bad as it is: lost, doubled, held back and let go in another order.
// Nothing is sent a second time by itself, as on GitHub; a redelivery is asked for.

import { randomUUID } from "node:crypto";
import { describeFindings } from "../description/finding.ts";
import { validateWebhook } from "../description/validate-webhook.ts";
import type { Announcement } from "../model/announcement.ts";
import type { HookDelivery } from "../model/delivery.ts";
import type { App, Installation, User } from "../model/identity.ts";
import { type Model, nextId, timestamp } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { buildPayload, commonPart } from "./build-payload.ts";
import { chooseInstallation, installationFor } from "./choose-installation.ts";
import { sendDelivery, signRequest } from "./send-delivery.ts";

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

export interface OtherEvent {
  readonly event: string;
  readonly action?: string;
  readonly repository: Repository;
  readonly sender: User;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Webhooks {
  /** The newest switch that fits decides; without one everything is sent. */
  readonly setSwitch: (rule: DeliverySwitch) => void;
  readonly clearSwitches: () => void;
  /** what waits because of `hold`, oldest first */
  readonly held: () => readonly PendingDelivery[];
  /** Sends what was held, in the order that `arrange` makes of it; without it in the order of the events. */
  readonly flush: (arrange?: (held: readonly PendingDelivery[]) => readonly PendingDelivery[]) => Promise<void>;
  /** Resolves when everything that was to be sent has been answered. What is held does not count. */
  readonly settled: () => Promise<void>;
  /**
   * Sends an event that the model does not announce (registry_package, package): `payload` is its own part, to which
   * repository, organisation, installation and sender are added. Not sent where the app is not installed.
   */
  readonly emit: (event: OtherEvent) => void;
  /** Sends the event that GitHub sends when a webhook is set up. */
  readonly ping: () => Promise<void>;
  readonly stop: () => void;
}

interface Line {
  readonly model: Model;
  switches: { readonly rule: DeliverySwitch; left: number }[];
  held: PendingDelivery[];
  /** the end of the line: everything sent so far */
  last: Promise<void>;
}

/** Delivery ids of GitHub are bigger than a double can hold. */
const firstDeliveryId = 1_800_000_000_000_000_000n;

export function startWebhooks(model: Model): Webhooks {
  const line: Line = { model, switches: [], held: [], last: Promise.resolve() };
  const listener = (announcement: Announcement) => hear(line, announcement);
  model.listeners.add(listener);
  model.redeliver = (delivery) => send(line, { delivery: pendingOf(delivery), redelivery: true });
  return {
    setSwitch: (rule) => {
      line.switches.unshift({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clearSwitches: () => {
      line.switches = [];
    },
    held: () => line.held,
    flush: (arrange = (held) => held) => {
      const waiting = arrange(line.held);
      line.held = [];
      for (const delivery of waiting) send(line, { delivery });
      return settle(line);
    },
    settled: () => settle(line),
    emit: (event) => emit(line, event),
    ping: () => {
      for (const app of appUnderTest(model)) hand(line, { delivery: pingOf(model, app), mode: "send" });
      return settle(line);
    },
    stop: () => {
      model.listeners.delete(listener);
      model.redeliver = () => {};
    },
  };
}

/** A payload that GitHub would not send is a mistake of the stand-in, and throws where the event arose. */
function hear(line: Line, announcement: Announcement): void {
  const { model } = line;
  if (model.settings.webhook.url === undefined) return;
  for (const app of appUnderTest(model)) {
    const installation = chooseInstallation(model, { app, announcement });
    if (installation === undefined) continue;
    const delivery = prepare(model, { announcement, installation });
    hand(line, { delivery, mode: modeFor(line, delivery) });
  }
}

function emit(line: Line, { event, action, repository, sender, payload }: OtherEvent): void {
  const { model } = line;
  for (const app of appUnderTest(model)) {
    const installation = installationFor(model, { app, event, repository });
    if (installation === undefined || model.settings.webhook.url === undefined) continue;
    const common = commonPart(model, { repository, sender, installation });
    const raw = JSON.stringify({ ...(action !== undefined && { action }), ...payload, ...common });
    const delivery = pack({ event, action, raw, installation, repositoryId: repository.id });
    hand(line, { delivery, mode: modeFor(line, delivery) });
  }
}

function prepare(
  model: Model,
  { announcement, installation }: { readonly announcement: Announcement; readonly installation: Installation },
): PendingDelivery {
  // read as JSON, so that what is checked is what is sent
  const raw = JSON.stringify(buildPayload(model, { announcement, installation }));
  const action = "action" in announcement ? announcement.action : undefined;
  const repositoryId = "repository" in announcement ? announcement.repository.id : null;
  return pack({ event: announcement.event, action, raw, installation, repositoryId });
}

function pack({
  event,
  action,
  raw,
  installation,
  repositoryId,
}: {
  readonly event: string;
  readonly action: string | undefined;
  readonly raw: string;
  readonly installation: Installation | undefined;
  readonly repositoryId: number | null;
}): PendingDelivery {
  demandDescribed({ event, action, raw });
  const installationId = installation?.id ?? null;
  return { guid: randomUUID(), event, action: action ?? null, installationId, repositoryId, raw };
}

function demandDescribed(webhook: {
  readonly event: string;
  readonly action: string | undefined;
  readonly raw: string;
}): void {
  const findings = validateWebhook({ ...webhook, payload: JSON.parse(webhook.raw) });
  if (findings.length === 0) return;
  const name = webhook.action === undefined ? webhook.event : `${webhook.event}.${webhook.action}`;
  throw new Error(`The stand-in's webhook ${name} differs from GitHub's description:\n${describeFindings(findings)}`);
}

function hand(
  line: Line,
  { delivery, mode }: { readonly delivery: PendingDelivery; readonly mode: DeliveryMode },
): void {
  switch (mode) {
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
      record(line.model, { delivery, outcome: nobodyListens });
      break;
    case "lose":
      break;
  }
}

function send(
  line: Line,
  { delivery, redelivery = false }: { readonly delivery: PendingDelivery; readonly redelivery?: boolean },
): void {
  const { model } = line;
  line.last = line.last.then(async () => {
    const { url, secret } = model.settings.webhook;
    const [app] = appUnderTest(model);
    if (url === undefined || app === undefined) return;
    const { event, guid, raw } = delivery;
    const outcome = await sendDelivery(url, signRequest({ appId: app.id, event, guid, raw, secret }));
    record(model, { delivery, outcome, redelivery });
  });
}

const nobodyListens = {
  status: "failed to connect to host",
  statusCode: 502,
  duration: 0,
  response: { headers: {}, payload: "" },
};

function record(
  model: Model,
  {
    delivery,
    outcome,
    redelivery = false,
  }: {
    readonly delivery: PendingDelivery;
    readonly outcome: Awaited<ReturnType<typeof sendDelivery>>;
    readonly redelivery?: boolean;
  },
): void {
  const { raw, ...told } = delivery;
  const { url = "", secret } = model.settings.webhook;
  const [app] = appUnderTest(model);
  const { headers } = signRequest({ appId: app?.id ?? 0, event: told.event, guid: told.guid, raw, secret });
  model.deliveries.push({
    ...told,
    ...outcome,
    id: firstDeliveryId + BigInt(nextId(model)),
    deliveredAt: timestamp(model),
    redelivery,
    url,
    request: { headers, payload: JSON.parse(raw), raw },
  });
}

/** The webhook belongs to the app that was made first; others only report checks. */
function appUnderTest(model: Model): readonly App[] {
  return [...model.apps.values()].slice(0, 1);
}

function modeFor(line: Line, { event, action }: PendingDelivery): DeliveryMode {
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
async function settle(line: Line): Promise<void> {
  let seen: Promise<void> | undefined;
  while (seen !== line.last) {
    seen = line.last;
    await seen;
  }
}

function pendingOf({
  guid,
  event,
  action,
  installationId,
  repositoryId,
  request: { raw },
}: HookDelivery): PendingDelivery {
  return { guid, event, action, installationId, repositoryId, raw };
}

function pingOf(model: Model, app: App): PendingDelivery {
  const now = timestamp(model);
  const config = { content_type: "json", insecure_ssl: "0", secret: "********", url: model.settings.webhook.url ?? "" };
  const hook = {
    type: "App",
    id: app.id,
    name: "web",
    active: true,
    events: app.events,
    config,
    app_id: app.id,
    created_at: now,
    updated_at: now,
    deliveries_url: `${model.url}/app/hook/deliveries`,
  };
  const raw = JSON.stringify({ zen: "Keep it logically awesome.", hook_id: app.id, hook });
  return pack({ event: "ping", action: undefined, raw, installation: undefined, repositoryId: null });
}
