// Turns what the model announces into deliveries to the app under test, each checked against GitHub's description.
// Nothing is sent a second time by itself, as on GitHub; a redelivery is asked for. How deliveries wait, get lost and are
// logged is decided in delivery-line.ts.

import { randomUUID } from "node:crypto";
import { describeFindings } from "../description/finding.ts";
import { validateWebhook } from "../description/validate-webhook.ts";
import type { Announcement } from "../model/announcement.ts";
import type { HookDelivery } from "../model/delivery.ts";
import type { App, Installation, User } from "../model/identity.ts";
import { type Model, timestamp } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { buildPayload, commonPart } from "./build-payload.ts";
import { chooseInstallation, installationFor } from "./choose-installation.ts";
import {
  appUnderTest,
  createLine,
  type DeliveryLine,
  type DeliverySwitch,
  hand,
  type PendingDelivery,
  send,
  settle,
} from "./delivery-line.ts";

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

export function startWebhooks(model: Model): Webhooks {
  const line = createLine(model);
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
      for (const app of appUnderTest(model)) send(line, { delivery: pingOf(model, app) });
      return settle(line);
    },
    stop: () => {
      model.listeners.delete(listener);
      model.redeliver = () => {};
    },
  };
}

/** A payload that GitHub would not send is a mistake of the stand-in, and throws where the event arose. */
function hear(line: DeliveryLine, announcement: Announcement): void {
  const { model } = line;
  if (model.settings.webhook.url === undefined) return;
  for (const app of appUnderTest(model)) {
    const installation = chooseInstallation(model, { app, announcement });
    if (installation === undefined) continue;
    const delivery = prepare(model, { announcement, installation });
    hand(line, delivery);
  }
}

function emit(line: DeliveryLine, { event, action, repository, sender, payload }: OtherEvent): void {
  const { model } = line;
  for (const app of appUnderTest(model)) {
    const installation = installationFor(model, { app, event, repository });
    if (installation === undefined || model.settings.webhook.url === undefined) continue;
    const common = commonPart(model, { repository, sender, installation });
    const raw = JSON.stringify({ ...(action !== undefined && { action }), ...payload, ...common });
    const delivery = pack({ event, action, raw, installation, repositoryId: repository.id });
    hand(line, delivery);
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
