// Event Grid around what Azure Container Registry says: its own schema or CloudEvents, one or a list, and the question
// with which it asks whether this address wants its events. `validationUrl` is never called.
// Source: https://learn.microsoft.com/azure/event-grid/event-schema-container-registry

import { type Json, recordAt } from "./read-body.ts";
import type { Received } from "./receiver.ts";

const REGISTRY_EVENT = /^Microsoft\.ContainerRegistry\.(?:Image|Chart)(Pushed|Deleted)$/;
const VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent";
const RESOURCE = /\/registries\/([a-z0-9]{5,50})$/i;

/** The answer to a validation; `undefined` when it is none. */
export function answerValidation([event, ...more]: readonly Json[]): Received | undefined {
  if (event === undefined || event.eventType !== VALIDATION) return undefined;
  const { validationCode: code } = recordAt(event, "data");
  if (more.length > 0 || typeof code !== "string" || !/^[\w-]{1,200}$/.test(code)) {
    return { kind: "malformed", why: "the validation of Event Grid has no `validationCode`" };
  }
  return {
    kind: "handshake",
    answer: { validationResponse: code },
    said: "Event Grid asked whether this address wants its events, and was told so",
  };
}

/** What the registry said, in the shape of its own webhooks; `undefined` when it is no event of Event Grid. */
export function readGridEvent(event: Json): Json | undefined {
  const type = event.eventType ?? event.type;
  if (typeof type !== "string" || !("data" in event)) return undefined;
  const happened = REGISTRY_EVENT.exec(type)?.[1];
  const action = happened === undefined ? "event" : happened === "Pushed" ? "push" : "delete";
  const data = recordAt(event, "data");
  const { host } = recordAt(data, "request");
  return {
    id: event.id,
    action,
    target: data.target,
    request: { host: host ?? hostOf(event.topic) ?? hostOf(event.source) },
  };
}

/** An Azure resource name ends in the name of the registry; its usual login server follows from that. */
function hostOf(resource: unknown): string | undefined {
  const name = typeof resource === "string" ? RESOURCE.exec(resource)?.[1] : undefined;
  return name === undefined ? undefined : `${name.toLowerCase()}.azurecr.io`;
}
