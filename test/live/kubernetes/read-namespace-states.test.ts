import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LiveState } from "../../../src/domain/live-state.ts";
import type { KubernetesObject } from "../../../src/live/cluster/cluster.ts";
import { readNamespaceStates } from "../../../src/live/kubernetes/read-namespace-states.ts";
import type { WantedTarget } from "../../../src/live/live.ts";
import {
  at,
  condition,
  deployment,
  digest,
  failedDeployment,
  healthyStatus,
  knownValue,
  make,
  NEW_IMAGE,
  NOW,
  OLD_IMAGE,
  playLists,
  pod,
  replicaSet,
  running,
  wanted,
} from "./build.ts";

const REVISION = "363a6a8fe6a7f13e05d34c163b0ef02a777da20a";

async function read(objects: readonly KubernetesObject[], more: Partial<WantedTarget> = {}): Promise<LiveState> {
  const [state] = await readNamespaceStates([wanted("shop", more)], { lists: playLists(objects), now: NOW });
  return knownValue(state);
}

describe("a namespace", () => {
  test("is healthy since its deployment was available, out and made", async () => {
    const state = await read(running());
    assert.deepEqual(state.health, { state: "healthy", basis: "kstatus", since: Date.parse(at("10:01")) });
    assert.equal(state.reconciler, "kubernetes");
    assert.deepEqual(
      state.containers.map(({ workload, container, image, pods }) => ({ workload, container, image, pods })),
      [
        {
          workload: "Deployment/shop/web",
          container: "web",
          image: NEW_IMAGE,
          pods: [
            { name: "web-rs2-a", digest: digest("2"), ready: true, newest: true },
            { name: "web-rs2-b", digest: digest("2"), ready: true, newest: true },
          ],
        },
      ],
    );
  });

  test("counts only what carries one of the images, whatever its tag", async () => {
    const other = deployment({ name: "cache", image: "docker.io/library/redis:8", status: { replicas: 0 } });
    const state = await read([...running(), other], { images: ["ghcr.io/acme/web"] });
    assert.equal(state.health.state, "healthy");
    assert.deepEqual(
      state.resources.map(({ object }) => object.name),
      ["web"],
    );
  });

  test("finds an image by its whole name", async () => {
    const state = await read(running({ image: "nginx:1.27" }), { images: ["docker.io/library/nginx"] });
    assert.equal(state.health.state, "healthy");
  });

  test("counts the named objects instead, where there are some", async () => {
    const objects = [
      { kind: "Deployment", name: "web" },
      { kind: "StatefulSet", name: "db" },
    ];
    const state = await read(running(), { objects });
    assert.equal(state.health.state, "missing");
    assert.equal(state.health.message, "StatefulSet shop/db: it does not exist");
  });

  test("knows nothing of a named object whose kind it cannot look at", async () => {
    const state = await read(running(), { objects: [{ kind: "Certificate", name: "web" }] });
    assert.equal(state.health.state, "unknown");
    assert.match(state.health.message ?? "", /not looked at/);
  });

  test("without a workload of the image misses it", async () => {
    const state = await read(running({ image: "ghcr.io/acme/other:1" }));
    assert.equal(state.health.state, "missing");
    assert.match(state.health.message ?? "", /No workload in namespace shop carries one of the images/);
  });

  test("has the commit that the deployer wrote on its workloads", async () => {
    const state = await read(running({ annotations: { "stagecoach.dev/revision": REVISION } }));
    assert.deepEqual(state.observed, [{ kind: "git", id: REVISION }]);
    assert.equal(state.sync.state, "synced");
  });

  test("has none where workloads disagree, or where it is no commit", async () => {
    const one = running({ annotations: { "stagecoach.dev/revision": REVISION } });
    const other = running({ name: "api", annotations: { "stagecoach.dev/revision": REVISION.replace("3", "4") } });
    assert.equal((await read([...one, ...other])).observed, undefined);
    assert.equal((await read(running({ annotations: { "stagecoach.dev/revision": "main" } }))).observed, undefined);
    assert.equal((await read(running())).sync.state, "unknown");
  });

  test("that is no name of a namespace is unknown, and nothing is asked", async () => {
    const lists = playLists(running());
    const [state] = await readNamespaceStates([wanted("shop/web")], { lists, now: NOW });
    assert.equal(state?.kind, "unknown");
    assert.deepEqual(lists.asked, []);
  });
});

describe("pods of a rollout", () => {
  test("that fails: the ready ones are the old ones, and are said to be", async () => {
    const workload = failedDeployment();
    const before = replicaSet(workload, { revision: 1, image: OLD_IMAGE });
    const after = replicaSet(workload, { revision: 2 });
    const state = await read([
      workload,
      before,
      after,
      pod(before, { name: "web-old", image: OLD_IMAGE }),
      pod(after, { name: "web-new", waiting: { reason: "ImagePullBackOff", message: "not found" } }),
    ]);
    assert.deepEqual(state.containers[0]?.pods, [
      { name: "web-old", digest: digest("1"), ready: true, newest: false },
      { name: "web-new", ready: false, newest: true },
    ]);
    assert.equal(state.health.state, "degraded");
    assert.equal(state.health.since, Date.parse(at("11:20")));
    assert.deepEqual(state.blocked, {
      code: "ImagePullBackOff",
      message: `Container web: ${NEW_IMAGE}: not found`,
      retrying: true,
    });
  });

  test("that the controller has not seen yet: none is of the newest revision", async () => {
    const workload = deployment({ generation: 3 });
    const before = replicaSet(workload, { revision: 1, image: OLD_IMAGE });
    const state = await read([workload, before, pod(before, { image: OLD_IMAGE })]);
    assert.equal(state.health.state, "progressing");
    assert.equal(state.containers[0]?.pods[0]?.newest, false);
  });

  test("that the controller has not seen yet, with the same image: none is of the newest revision either", async () => {
    const workload = deployment({ generation: 3 });
    const before = replicaSet(workload, { revision: 1 });
    const state = await read([workload, before, pod(before)]);
    assert.equal(state.containers[0]?.pods[0]?.newest, false);
  });

  test("whose new replica set is not in the list yet: the highest number is that of the old one", async () => {
    const workload = deployment();
    const before = replicaSet(workload, { revision: 1, image: OLD_IMAGE });
    const state = await read([workload, before, pod(before, { image: OLD_IMAGE })]);
    assert.equal(state.containers[0]?.pods[0]?.newest, false);
    assert.equal(state.health.since, undefined);
  });

  test("without a deadline: healthy no longer than the newest replica set is old", async () => {
    const conditions = [condition("Available", "True", { lastTransitionTime: at("06:00") })];
    const workload = deployment({
      spec: { progressDeadlineSeconds: 2_147_483_647 },
      status: { ...healthyStatus(), conditions },
    });
    const set = replicaSet(workload, { created: at("09:58") });
    assert.equal((await read([workload, set, pod(set)])).health.since, Date.parse(at("09:58")));
  });

  test("whose replica set is another workload's of the same name do not count", async () => {
    const workload = deployment();
    const recreated = { ...workload, metadata: { ...workload.metadata, uid: "another" } };
    const state = await read([recreated, replicaSet(workload), pod(replicaSet(workload))]);
    assert.deepEqual(state.containers[0]?.pods, []);
  });

  test("of a stateful set are told by the hash of its newest revision", async () => {
    const status = { observedGeneration: 2, updateRevision: "web-b", currentRevision: "web-a", replicas: 2 };
    const workload = make("apps/v1", "StatefulSet", { spec: deployment().spec as never, status });
    const pods = ["web-a", "web-b"].map((hash, index) =>
      pod(workload, { name: `web-${index}`, labels: { "controller-revision-hash": hash } }),
    );
    const state = await read([workload, ...pods]);
    assert.deepEqual(
      state.containers[0]?.pods.map(({ name, newest }) => ({ name, newest })),
      [
        { name: "web-0", newest: false },
        { name: "web-1", newest: true },
      ],
    );
  });

  test("of a daemon set are told by the pod made last", async () => {
    const status = {
      observedGeneration: 2,
      desiredNumberScheduled: 2,
      currentNumberScheduled: 2,
      updatedNumberScheduled: 1,
    };
    const workload = make("apps/v1", "DaemonSet", { spec: deployment().spec as never, status });
    const pods = [
      pod(workload, { name: "web-x", labels: { "controller-revision-hash": "a" }, created: at("08:00") }),
      pod(workload, { name: "web-y", labels: { "controller-revision-hash": "b" }, created: at("11:00") }),
    ];
    const state = await read([workload, ...pods]);
    assert.deepEqual(
      state.containers[0]?.pods.map(({ name, newest }) => [name, newest]),
      [
        ["web-x", false],
        ["web-y", true],
      ],
    );
  });

  test("that have ended run nothing", async () => {
    const workload = make("batch/v1", "Job", {
      spec: deployment().spec as never,
      status: { conditions: [condition("Complete", "True")] },
    });
    const state = await read([workload, pod(workload, { phase: "Succeeded", ready: false })]);
    assert.equal(state.health.state, "healthy");
    assert.deepEqual(state.containers[0]?.pods, []);
  });

  test("stand for themselves where no workload made them", async () => {
    const state = await read([pod(undefined, { name: "lonely" })]);
    assert.equal(state.health.state, "healthy");
    assert.equal(state.containers[0]?.workload, "Pod/shop/lonely");
  });
});

describe("what keeps a workload from coming up", () => {
  const stuck = (given: Parameters<typeof pod>[1], status = {}): Promise<LiveState> => {
    const workload = deployment({ status: { ...healthyStatus(), readyReplicas: 1, availableReplicas: 1, ...status } });
    const set = replicaSet(workload);
    return read([workload, set, pod(set, given)]);
  };

  test("a container that ends again and again, in words that do not count the seconds", async () => {
    const state = await stuck({
      waiting: { reason: "CrashLoopBackOff", message: "back-off 2m40s restarting failed container=web pod=web-abcde" },
      lastState: { terminated: { exitCode: 1, reason: "Error", message: "no database" } },
      readySince: at("11:59"),
    });
    assert.deepEqual(state.blocked, {
      code: "CrashLoopBackOff",
      message: "Container web: ends with exit code 1 (Error): no database",
      retrying: true,
    });
    assert.equal(state.health.state, "progressing");
  });

  test("the same for longer than a rollout may take: degraded", async () => {
    const state = await stuck({ waiting: { reason: "CrashLoopBackOff" }, readySince: at("11:40") });
    assert.equal(state.health.state, "degraded");
    assert.equal(state.health.since, Date.parse(at("11:50")));
  });

  test("an image that cannot be pulled, said alike during the try and after it", async () => {
    const cause = `failed to resolve reference "${NEW_IMAGE}": not found`;
    const during = await stuck({ waiting: { reason: "ErrImagePull", message: cause } });
    const after = await stuck({
      waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${NEW_IMAGE}": ErrImagePull: ${cause}` },
    });
    assert.deepEqual(after.blocked, during.blocked);
    assert.equal(after.blocked?.code, "ImagePullBackOff");
  });

  test("a quota, without the name of the pod that could not be made", async () => {
    const message =
      'pods "web-7c9-x1" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4';
    const failure = condition("ReplicaFailure", "True", { reason: "FailedCreate", message });
    const state = await read([deployment({ status: { observedGeneration: 2, replicas: 0, conditions: [failure] } })]);
    assert.equal(state.blocked?.code, "QuotaExceeded");
    assert.doesNotMatch(state.blocked?.message ?? "", /web-7c9/);
  });

  test("a policy that forbids its pods", async () => {
    const message = 'pods "web-7c9-x1" is forbidden: violates PodSecurity "restricted:latest"';
    const failure = condition("ReplicaFailure", "True", { reason: "FailedCreate", message });
    const state = await read([deployment({ status: { observedGeneration: 2, conditions: [failure] } })]);
    assert.equal(state.blocked?.code, "Forbidden");
  });

  test("no node with room", async () => {
    const unschedulable = condition("PodScheduled", "False", {
      reason: "Unschedulable",
      message: "0/3 nodes are available",
    });
    const state = await stuck({ status: { phase: "Pending", conditions: [unschedulable] } });
    assert.equal(state.blocked?.code, "Unschedulable");
  });

  test("a job that has failed, which nobody tries again", async () => {
    const failed = condition("Failed", "True", {
      reason: "BackoffLimitExceeded",
      message: "Job has reached the limit",
    });
    const state = await read([
      make("batch/v1", "Job", { spec: deployment().spec as never, status: { conditions: [failed] } }),
    ]);
    assert.deepEqual(state.blocked, {
      code: "BackoffLimitExceeded",
      message: "Job has reached the limit",
      retrying: false,
    });
    assert.equal(state.health.state, "degraded");
  });

  test("a rollout that a person has paused: suspended", async () => {
    const paused = deployment({ spec: { paused: true }, status: { ...healthyStatus(), updatedReplicas: 0 } });
    assert.equal((await read([paused])).health.state, "suspended");
  });
});

describe("what is listed", () => {
  test("each kind once, whole, however many namespaces", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `team-${index}`);
    const objects = names.flatMap((namespace) => running({ namespace }));
    const lists = playLists(objects);
    const states = await readNamespaceStates(
      names.map((name) => wanted(name)),
      { lists, now: NOW },
    );
    assert.ok(states.every((state) => knownValue(state).health.state === "healthy"));
    assert.deepEqual([...lists.asked].sort(), [
      "cronjobs",
      "daemonsets",
      "deployments",
      "jobs",
      "pods",
      "replicasets",
      "statefulsets",
    ]);
  });

  test("one namespace alone needs no right to the whole cluster", async () => {
    const lists = playLists(running());
    await readNamespaceStates([wanted("shop")], { lists, now: NOW });
    assert.ok(lists.asked.every((asked) => asked.endsWith(" in shop")));
  });

  test("kinds that nobody names are left alone", async () => {
    const lists = playLists(running());
    await readNamespaceStates([wanted("shop", { objects: [{ kind: "Service", name: "web" }] })], { lists, now: NOW });
    assert.deepEqual(lists.asked, ["services in shop"]);
  });

  test("namespace by namespace where the whole is forbidden", async () => {
    const lists = playLists([...running(), ...running({ namespace: "blog" })], (_, namespace) =>
      namespace === undefined ? "403" : undefined,
    );
    const states = await readNamespaceStates([wanted("shop"), wanted("blog")], { lists, now: NOW });
    assert.deepEqual(
      states.map((state) => knownValue(state).health.state),
      ["healthy", "healthy"],
    );
  });

  test("a namespace that is forbidden makes no other one unknown", async () => {
    const lists = playLists([...running(), ...running({ namespace: "blog" })], (_, namespace) =>
      namespace === "shop" ? undefined : "the cluster answered 403",
    );
    const states = await readNamespaceStates([wanted("shop"), wanted("blog")], { lists, now: NOW });
    assert.equal(knownValue(states[0]).health.state, "healthy");
    assert.deepEqual(states[1], { kind: "unknown", why: "deployments could not be listed: the cluster answered 403" });
  });

  test("a kind that is forbidden takes the health away, and not what is sick for sure", async () => {
    const forbidden = (plural: string): string | undefined =>
      plural === "jobs" ? "the cluster answered 403" : undefined;
    const [well] = await readNamespaceStates([wanted("shop")], { lists: playLists(running(), forbidden), now: NOW });
    assert.deepEqual(knownValue(well).health, {
      state: "unknown",
      basis: "kstatus",
      message: "jobs could not be listed: the cluster answered 403",
    });
    const sick = [failedDeployment()];
    const [ill] = await readNamespaceStates([wanted("shop")], { lists: playLists(sick, forbidden), now: NOW });
    assert.equal(knownValue(ill).health.state, "degraded");
  });

  test("pods that are forbidden leave health and take the digests", async () => {
    const lists = playLists(running(), (plural) => (plural === "pods" ? "the cluster answered 403" : undefined));
    const objects = [{ kind: "Deployment", name: "web" }];
    const [state] = await readNamespaceStates([wanted("shop", { objects })], { lists, now: NOW });
    assert.equal(knownValue(state).health.state, "healthy");
    assert.match(knownValue(state).health.message ?? "", /what its pods run is not known: the cluster answered 403/);
    assert.deepEqual(knownValue(state).containers, []);
  });

  test("a server that answers nothing is not asked for every namespace", async () => {
    const lists = playLists([], () => "no answer within 10 s");
    const objects = [{ kind: "Service", name: "web" }];
    const names = Array.from({ length: 100 }, (_, index) => `team-${index}`);
    const states = await readNamespaceStates(
      names.map((name) => wanted(name, { objects })),
      { lists, now: NOW },
    );
    assert.ok(lists.asked.length <= 4, `${lists.asked.length} lists`);
    assert.ok(states.every((state) => knownValue(state).health.state === "unknown"));
  });
});
