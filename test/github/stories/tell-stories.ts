// What people and other programs do on GitHub, in the words of stories: `github.comment({ repository: "acme/config",
// number: 7, by: "ann", body: "/promote" })`. Nothing here goes through HTTP; what follows from it is announced.

import type { Model } from "../model/model.ts";
import { tellOfConversations } from "./tell-of-conversations.ts";
import { tellOfDeployments } from "./tell-of-deployments.ts";
import { tellOfPeople } from "./tell-of-people.ts";
import { tellOfPullRequests } from "./tell-of-pull-requests.ts";
import { tellOfQueues } from "./tell-of-queues.ts";
import { tellOfRepositories } from "./tell-of-repositories.ts";

export type Stories = ReturnType<typeof tellStories>;

export function tellStories(model: Model) {
  return {
    ...tellOfRepositories(model),
    ...tellOfPullRequests(model),
    ...tellOfConversations(model),
    ...tellOfDeployments(model),
    ...tellOfPeople(model),
    ...tellOfQueues(model),
  };
}
