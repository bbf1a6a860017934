// Adds to the history of an issue or pull request.

import { identifyNode } from "./identify-node.ts";
import type { User } from "./identity.ts";
import { type Model, nextId, timestamp } from "./model.ts";
import type { Conversation, TimelineChange } from "./repository.ts";

export function addTimelineEvent(
  model: Model,
  {
    conversation,
    actor,
    change,
  }: { readonly conversation: Conversation; readonly actor: User; readonly change: TimelineChange },
): void {
  const id = nextId(model);
  conversation.timeline.push({
    id,
    nodeId: identifyNode("timeline-event", id),
    actor,
    createdAt: timestamp(model),
    ...change,
  });
}
