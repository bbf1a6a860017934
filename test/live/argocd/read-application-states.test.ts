import assert from "node:assert/strict";
import { test } from "node:test";
import { known, unknown } from "../../../src/domain/seen.ts";
import { readApplicationStates } from "../../../src/live/argocd/read-application-states.ts";
import type { ClusterLists, KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import { makeApplication, NOW } from "./make-application.ts";

const APPLICATIONS = [
  makeApplication(),
  makeApplication({ metadata: { name: "twice", namespace: "argocd" } }),
  makeApplication({ metadata: { name: "twice", namespace: "team-a" } }),
] as unknown as readonly KubernetesObject[];

test("targets are found by name, or by namespace and name, in one list", async () => {
  const asked: string[] = [];
  const of: ClusterLists["of"] = async ({ plural }, options) => {
    asked.push(`${plural} ${JSON.stringify(options)}`);
    return known(APPLICATIONS);
  };
  const names = ["team-a/twice", "checkout-integration", "twice", "missing", "argocd/missing"];
  const states = await readApplicationStates(names.map(wanted), { lists: { of }, now: NOW });
  assert.deepEqual(
    states.map((state) => (state.kind === "known" ? state.value.object.namespace : state.why)),
    [
      "team-a",
      "argocd",
      "2 Argo CD Applications are called `twice` (in argocd, team-a): name one as `argocd/twice`",
      "there is no Argo CD Application `missing`, or it may not be seen from here",
      "there is no Argo CD Application `argocd/missing`, or it may not be seen from here",
    ],
  );
  assert.deepEqual(asked, ["applications undefined"]);
});

test("a list that could not be read makes every target unknown, for that reason", async () => {
  const of: ClusterLists["of"] = async () => unknown("the cluster answered 403");
  const states = await readApplicationStates(["a", "b"].map(wanted), { lists: { of }, now: NOW });
  assert.deepEqual(states, [unknown("the cluster answered 403"), unknown("the cluster answered 403")]);
});

function wanted(name: string): WantedTarget {
  return { target: { source: "dev", kind: "argocd", name }, objects: [], images: [], awaited: false };
}
