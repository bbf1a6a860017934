// The world around Stagecoach in a process of its own, so that its time and memory are not counted: the stand-in for
// GitHub with a fleet's repository, and the registry with its images. Started by `open-fleet.ts`, which sends the orders.

import { startGithub } from "../github/start-github.ts";
import { startRegistry } from "../registry/serve-registry.ts";
import { FLEET, type FleetSize, serviceName, writeFleet } from "./fleet.ts";

export type Order =
  | { readonly kind: "push"; readonly service: number; readonly tag: string }
  | { readonly kind: "notify"; readonly url: string; readonly secret: string }
  | { readonly kind: "count" };

export interface World {
  readonly url: string;
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly registry: string;
}

/** Since the last count. */
export interface Counts {
  /** Without those for tokens. */
  readonly github: number;
  readonly contentCreating: number;
  readonly tokens: number;
  readonly registry: number;
  readonly openPullRequests: number;
  readonly deviations: readonly string[];
}

const [services = 20, places = 1] = process.argv.slice(2).map(Number);
const size: FleetSize = { services, places };
const registry = await startRegistry();
const github = await startGithub();
const [owner = "", name = ""] = FLEET.split("/");
github.createRepository({ owner, name, files: writeFleet(size, registry.host) });
for (let number = 1; number <= services; number += 1) {
  await registry.push({ repository: `acme/${serviceName(number)}`, tag: "1.0.0" });
}
let counted = registry.requests().length;

async function obey(order: Order): Promise<Counts | undefined> {
  switch (order.kind) {
    case "push":
      await registry.push({ repository: `acme/${serviceName(order.service)}`, tag: order.tag });
      return undefined;
    case "notify":
      registry.notifyTo({ url: order.url, secret: order.secret, kind: "distribution" });
      return undefined;
    case "count":
      return count();
  }
}

function count(): Counts {
  const requests = github.requests();
  const asked = registry.requests().length;
  const counts: Counts = {
    github: requests.filter(({ kind }) => kind !== "token").length,
    contentCreating: requests.filter(({ kind }) => kind === "content-creating").length,
    tokens: requests.filter(({ kind }) => kind === "token").length,
    registry: asked - counted,
    openPullRequests: github.pullRequests({ repository: FLEET, state: "open" }).length,
    deviations: github.deviations(),
  };
  github.forgetRequests();
  counted = asked;
  return counts;
}

process.on("message", (order: Order) => {
  void obey(order).then((answer) => process.send?.({ answer }));
});
const world: World = {
  url: github.url,
  appId: github.appId,
  privateKey: github.privateKey,
  webhookSecret: github.webhookSecret,
  registry: registry.host,
};
process.send?.({ world });
process.on("disconnect", () => process.exit());
