// Keeps what the repositories looked like some requests ago, while a test lets reads lag behind writes.

import type { Model } from "../model/model.ts";
import type { Conversation, Repository } from "../model/repository.ts";

export interface PastStates {
  /** oldest first; one for each request while it is kept */
  readonly states: ReadonlyMap<number, Repository>[];
}

export function createPastStates(): PastStates {
  return { states: [] };
}

export function rememberState(past: PastStates, model: Model): void {
  past.states.push(new Map([...model.repositories].map(([id, repository]) => [id, copyRepository(repository)])));
}

export function forgetStates(past: PastStates): void {
  past.states.length = 0;
}

/** The model as it was so many requests ago, or when the keeping began. Only for reading. */
export function modelInPast(
  past: PastStates,
  { model, requests }: { readonly model: Model; readonly requests: number },
): Model {
  const state = past.states[Math.max(past.states.length - 1 - requests, 0)];
  if (state === undefined) return model;
  const nodes = new Map(model.nodes);
  for (const repository of state.values()) {
    nodes.set(repository.nodeId, repository);
    for (const conversation of model.repositories.get(repository.id)?.conversations.values() ?? [])
      nodes.delete(conversation.nodeId);
    for (const conversation of repository.conversations.values()) nodes.set(conversation.nodeId, conversation);
  }
  return { ...model, repositories: new Map(state), nodes };
}

function copyRepository(repository: Repository): Repository {
  const copy: Repository = {
    ...repository,
    git: { ...repository.git, refs: new Map(repository.git.refs) },
    conversations: new Map(),
  };
  for (const [number, conversation] of repository.conversations)
    copy.conversations.set(number, copyConversation(conversation, copy));
  return copy;
}

function copyConversation(conversation: Conversation, repository: Repository): Conversation {
  const lists = {
    repository,
    labels: [...conversation.labels],
    comments: [...conversation.comments],
    reactions: [...conversation.reactions],
    edits: [...conversation.edits],
    timeline: [...conversation.timeline],
  };
  if (conversation.kind === "issue") return { ...conversation, ...lists };
  return {
    ...conversation,
    ...lists,
    // a head in the same repository is read from the same moment
    headRepository: conversation.headRepository.id === repository.id ? repository : conversation.headRepository,
    reviews: [...conversation.reviews],
  };
}
