// Drift as a cluster shows it, over HTTP and with real field ownership: what a person changed by hand is confirmed with its
// author, what a rule allows is ignored, and whatever cannot be looked at is unverifiable, never healed.

// Loaded here, so that no short limit of a test pays for it.
import "@kubernetes/client-node";
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { DriftSuspect, DriftValue } from "../../../src/domain/drift.ts";
import type { LiveState } from "../../../src/domain/live-state.ts";
import { known, type Seen, unknown } from "../../../src/domain/seen.ts";
import { CLUSTER_LIMITS } from "../../../src/live/cluster/cluster-limits.ts";
import { connectCluster } from "../../../src/live/cluster/connect-cluster.ts";
import { verifyClusterDrift } from "../../../src/live/drift/verify-cluster-drift.ts";
import type { DriftRequest } from "../../../src/live/live.ts";
import { type RunningCluster, startCluster, type UserName } from "../../cluster/start-cluster.ts";
import { claim, deployment, kustomization, OTHER, state } from "./build.ts";

const OWNER = "kustomize-controller";
const FLUX = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" };

/** As Git has it. */
const web = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "checkout", labels: { app: "web" } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "web",
            image: "ghcr.io/acme/web:1.7.0",
            env: [{ name: "LOG_LEVEL", value: "info" }],
            resources: { limits: { cpu: "500m" } },
          },
        ],
      },
    },
  },
};
const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "keys", namespace: "checkout" },
  stringData: { a: "hunter2-in-git" },
};

type Given = { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } };

let cluster: RunningCluster;
const stopped: (() => void)[] = [];

before(async () => {
  cluster = await startCluster();
});
after(async () => {
  for (const stop of stopped) stop();
  await cluster.stop();
});

/** What a reading would have noticed: it names the objects to look at. */
function noticed(...objects: readonly Given[]): readonly DriftSuspect[] {
  return objects.map(({ apiVersion, kind, metadata }) => ({
    object: { apiVersion, kind, namespace: "checkout", name: metadata.name },
    change: "modified",
    fields: [],
    evidence: "a test",
  }));
}

interface Asking {
  readonly declares?: readonly Given[];
  readonly request?: Partial<DriftRequest>;
  readonly state?: Seen<LiveState>;
  readonly user?: UserName;
  readonly patience?: number;
}

async function verify({
  declares = [web],
  request = {},
  state: given,
  user = "comparer",
  patience = 10_000,
}: Asking = {}) {
  const client = connectCluster({
    name: "the cluster prod-eu",
    access: { kind: "kubeconfig", text: cluster.kubeconfigOf(user) },
    limits: { ...CLUSTER_LIMITS, request: patience },
  });
  stopped.push(() => client.close());
  const found = await verifyClusterDrift(
    {
      source: "prod-eu",
      asker: "acme/config",
      target: { source: "prod-eu", kind: "flux", name: "apps/checkout" },
      suspects: noticed(web),
      declared: ({ kind, name }) => declares.find((each) => each.kind === kind && each.metadata.name === name),
      ...request,
    },
    { cluster: client, state: given ?? known(state({ object: kustomization({ uid: "k" }) })) },
  );
  assert.ok(found.kind === "known");
  return found.value;
}

/** `confirmed modified /spec/replicas 2 -> 5 by kubectl`, with `?` for what is hidden. */
async function told(asking: Asking = {}): Promise<readonly string[]> {
  return (await verify(asking)).map(({ verdict, change, field }) => {
    const show = (value: DriftValue | undefined) => {
      if (value === undefined) return "-";
      return value.kind === "hidden" ? "?" : value.text;
    };
    if (!field) return `${verdict} ${change}`;
    const by = field.manager === undefined ? "" : ` by ${field.manager}`;
    return `${verdict} ${change} ${field.path} ${show(field.desired)} -> ${show(field.live)}${by}`;
  });
}

const IMAGE = "/spec/template/spec/containers/0/image";
const setImage = (image: string, manager = "kubectl-set") =>
  cluster.edit(web, { spec: { template: { spec: { containers: [{ name: "web", image }] } } } }, { manager });
const flux = (spec: Record<string, unknown>) =>
  cluster.apply({ ...FLUX, metadata: { name: "checkout", namespace: "apps" }, spec } as never);

beforeEach(() => {
  cluster.faults.clear();
  for (const each of [web, secret]) if (cluster.get(each)) cluster.delete(each);
  const scaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace: "checkout" },
  };
  if (cluster.get(scaler)) cluster.delete(scaler);
  cluster.apply(web, { manager: OWNER });
  flux({ path: "./apps" });
});

for (const user of ["comparer", "reader"] as const) {
  describe(user === "comparer" ? "where dry runs are allowed" : "where dry runs are refused (403)", () => {
    test("an object that is as Git has it is healed", async () => {
      assert.deepEqual(await told({ user }), ["healed modified"]);
    });

    test("a field that somebody changed is confirmed, with both values and the tool", async () => {
      setImage("ghcr.io/acme/web:hotfix");
      const [finding, ...more] = await verify({ user });
      assert.deepEqual(more, []);
      assert.equal(finding?.verdict, "confirmed");
      assert.equal(finding.object.uid, cluster.get(web)?.metadata.uid);
      const { time, ...field } = finding.field ?? { path: "" };
      assert.ok(Math.abs((time ?? 0) - Date.now()) < 60_000);
      assert.deepEqual(field, {
        path: IMAGE,
        desired: { kind: "shown", text: '"ghcr.io/acme/web:1.7.0"' },
        live: { kind: "shown", text: '"ghcr.io/acme/web:hotfix"' },
        manager: "kubectl-set",
        operation: "Update",
      });
    });

    test("a scaling is confirmed, with the binary's own name", async () => {
      cluster.edit(web, { spec: { replicas: 5 } }, { manager: "kubectl.1.33", subresource: "scale" });
      assert.deepEqual(await told({ user }), ["confirmed modified /spec/replicas 2 -> 5 by kubectl.1.33"]);
    });

    test("several changes by several people are told one by one", async () => {
      setImage("ghcr.io/acme/web:hotfix");
      cluster.edit(web, { spec: { replicas: 5 } }, { manager: "kubectl-edit" });
      assert.deepEqual((await told({ user })).toSorted(), [
        "confirmed modified /spec/replicas 2 -> 5 by kubectl-edit",
        `confirmed modified ${IMAGE} "ghcr.io/acme/web:1.7.0" -> "ghcr.io/acme/web:hotfix" by kubectl-set`,
      ]);
    });

    test("a field that Git does not declare is told as such", async () => {
      cluster.edit(web, { metadata: { labels: { debug: "yes" } } }, { manager: "kubectl-label" });
      assert.deepEqual(await told({ user }), [
        'confirmed undeclared-fields /metadata/labels/debug - -> "yes" by kubectl-label',
      ]);
    });

    test("a value in another form is no difference", async () => {
      const limits = { containers: [{ name: "web", resources: { limits: { cpu: "0.5" } } }] };
      cluster.edit(web, { spec: { template: { spec: limits } } }, { manager: "kubectl-set" });
      assert.deepEqual(await told({ user }), ["healed modified"]);
    });

    test("what somebody took out of a list or a map is confirmed, with nobody's name", async () => {
      const labelled = { ...web, metadata: { ...web.metadata, labels: { app: "web", tier: "front" } } };
      const container = web.spec.template.spec.containers[0];
      cluster.apply(labelled, { manager: OWNER });
      cluster.edit(labelled, { metadata: { labels: { tier: null } } }, { manager: "kubectl-label" });
      assert.deepEqual(await told({ user, declares: [labelled] }), [
        'confirmed modified /metadata/labels/tier "front" -> -',
      ]);
      const more = { ...container, env: [...(container?.env ?? []), { name: "MODE", value: "dark" }] };
      const declared = {
        ...web,
        spec: { ...web.spec, template: { ...web.spec.template, spec: { containers: [more] } } },
      };
      assert.deepEqual(await told({ user, declares: [declared] }), [
        'confirmed modified /spec/template/spec/containers/0/env/2 {"name":"MODE","value":"dark"} -> -',
      ]);
    });

    test("an object that somebody deleted is missing", async () => {
      cluster.delete(web);
      assert.deepEqual(await told({ user }), ["confirmed missing"]);
    });

    test("an object that is rendered on the way is judged by its managed fields, without what Git wants", async () => {
      setImage("ghcr.io/acme/web:hotfix");
      assert.deepEqual(await told({ user, declares: [] }), [
        `confirmed modified ${IMAGE} - -> "ghcr.io/acme/web:hotfix" by kubectl-set`,
      ]);
    });

    test("T24: values of a Secret are hidden on both sides", async () => {
      cluster.apply({ ...secret, stringData: undefined, data: { a: "aHVudGVyMi1pbi1naXQ=" } } as never, {
        manager: OWNER,
      });
      cluster.edit(secret, { data: { a: "b3RoZXI=" } }, { manager: "kubectl-edit" });
      const findings = await verify({ user, declares: [secret], request: { suspects: noticed(secret) } });
      assert.deepEqual(
        findings.map(({ field }) => [field?.desired, field?.live]),
        [[{ kind: "hidden" }, { kind: "hidden" }]],
      );
      assert.doesNotMatch(JSON.stringify(findings), /hunter2|aHVudGVy|b3RoZXI/);
    });
  });
}

describe("a rule allows a difference:", () => {
  const scaled = () => cluster.edit(web, { spec: { replicas: 5 } }, { manager: "kubectl", subresource: "scale" });
  const scaler = (target: string) =>
    cluster.apply({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "web", namespace: "checkout" },
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: target } },
    } as never);
  const whys = async (asking: Asking = {}) => (await verify(asking)).map(({ verdict, why }) => `${verdict}: ${why}`);

  test("an autoscaler of the object sets the replicas", async () => {
    scaled();
    scaler("web");
    assert.deepEqual(await whys(), ["ignored: the autoscaler `web` sets the replicas"]);
  });

  test("an autoscaler of another object does not", async () => {
    scaled();
    scaler("api");
    assert.deepEqual(await told(), ["confirmed modified /spec/replicas 2 -> 5 by kubectl"]);
  });

  test("where autoscalers cannot be listed, replicas say nothing", async () => {
    scaled();
    cluster.faults.add({ kind: "forbidden", verb: "list", plural: "horizontalpodautoscalers" });
    const suspects = [{ ...noticed(web)[0], fields: [{ path: "/spec/replicas" }] } as DriftSuspect];
    assert.match(
      (await whys({ request: { suspects } })).join(),
      /^unverifiable: it is not known whether an autoscaler sets/,
    );
  });

  test("Flux's own list of ignored fields", async () => {
    scaled();
    flux({ ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment", name: "w.*" } }] });
    assert.deepEqual(await whys(), ["ignored: `spec.ignore` leaves `/spec/replicas` alone"]);
    flux({ ignore: [{ paths: ["/spec/replicas"], target: { kind: "Deployment", name: "api" } }] });
    assert.deepEqual(await told(), ["confirmed modified /spec/replicas 2 -> 5 by kubectl"]);
  });

  test("an annotation of the reconciler that Git declares", async () => {
    const annotations = { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" };
    const marked = { ...web, metadata: { ...web.metadata, annotations } };
    cluster.apply(marked, { manager: OWNER });
    scaled();
    assert.deepEqual(await whys({ declares: [marked] }), [
      "ignored: the object carries `kustomize.toolkit.fluxcd.io/reconcile: disabled`",
    ]);
  });

  test("not one that somebody put there by hand, which is told itself", async () => {
    scaled();
    cluster.edit(
      web,
      { metadata: { annotations: { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" } } },
      { manager: "kubectl-annotate" },
    );
    assert.deepEqual((await told()).toSorted(), [
      "confirmed modified /spec/replicas 2 -> 5 by kubectl",
      'confirmed undeclared-fields /metadata/annotations/kustomize.toolkit.fluxcd.io~1reconcile - -> "disabled" by kubectl-annotate',
    ]);
  });

  test("`ssa: Merge` allows what Git does not declare, and nothing else", async () => {
    const marked = {
      ...web,
      metadata: { ...web.metadata, annotations: { "kustomize.toolkit.fluxcd.io/ssa": "Merge" } },
    };
    cluster.apply(marked, { manager: OWNER });
    scaled();
    cluster.edit(web, { metadata: { labels: { debug: "yes" } } }, { manager: "kubectl-label" });
    assert.deepEqual(
      (await told({ declares: [marked] })).map((line) => line.split(" ").slice(0, 3).join(" ")),
      ["confirmed modified /spec/replicas", "ignored undeclared-fields /metadata/labels/debug"],
    );
  });

  test("a controller's own fields", async () => {
    cluster.edit(web, { spec: { replicas: 5 } }, { manager: "shop-operator" });
    assert.deepEqual(await whys(), ["ignored: `shop-operator` is a controller and writes it"]);
  });

  test("but not another image, since anybody may take a controller's name", async () => {
    setImage("ghcr.io/acme/web:hotfix", "shop-operator");
    assert.deepEqual(await told(), [
      `confirmed modified ${IMAGE} "ghcr.io/acme/web:1.7.0" -> "ghcr.io/acme/web:hotfix" by shop-operator`,
    ]);
  });

  test("a restart by hand is no difference at all", async () => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-11-20T10:00:00Z" };
    cluster.edit(web, { spec: { template: { metadata: { annotations } } } }, { manager: "kubectl-rollout" });
    assert.deepEqual(await told(), ["healed modified"]);
  });
});

describe("other reconcilers than Flux", () => {
  const under = (reconciler: LiveState["reconciler"], object: LiveState["object"]) =>
    ({ state: known(state({ reconciler, object })) }) as const;
  const sync = {
    apiVersion: "configsync.gke.io/v1beta1",
    kind: "RootSync",
    namespace: "config-management-system",
    name: "root-sync",
  };

  test("Config Sync shows nothing of a variable that somebody added; the managed fields do", async () => {
    cluster.delete(web);
    cluster.apply(web, { manager: "configsync.gke.io" });
    const env = [{ name: "DEBUG", value: "1" }];
    cluster.edit(
      web,
      { spec: { template: { spec: { containers: [{ name: "web", env }] } } } },
      { manager: "kubectl-set" },
    );
    const found = await told(under("config-sync", sync));
    assert.equal(found.length, 2);
    for (const line of found)
      assert.match(
        line,
        /^confirmed undeclared-fields \/spec\/template\/spec\/containers\/0\/env\/\d\/(?:name|value) - -> "(?:DEBUG|1)" by kubectl-set$/,
      );
  });

  test("on a plain cluster the tools that deploy are those that change by hand: Git decides", async () => {
    cluster.delete(web);
    cluster.apply(web, { manager: "kubectl" });
    cluster.edit(web, { spec: { replicas: 5 } }, { manager: "kubectl", subresource: "scale" });
    const plain = under("kubernetes", { apiVersion: "v1", kind: "Namespace", name: "checkout" });
    assert.deepEqual(await told(plain), ["confirmed modified /spec/replicas 2 -> 5 by kubectl"]);
    // Without Git nobody can tell a change by hand from a deployment.
    assert.deepEqual(await told({ ...plain, declares: [] }), ["unverifiable modified"]);
  });

  test("Helm renders what it applies, so that nothing in Git is compared with it", async () => {
    cluster.delete(web);
    cluster.apply({ ...web, spec: { ...web.spec, replicas: 9 } }, { manager: "helm-controller" });
    const release = {
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      namespace: "apps",
      name: "checkout",
    };
    assert.deepEqual(await told(under("flux-helmrelease", release)), ["healed modified"]);
    setImage("ghcr.io/acme/web:hotfix");
    assert.deepEqual(await told(under("flux-helmrelease", release)), [
      `confirmed modified ${IMAGE} - -> "ghcr.io/acme/web:hotfix" by kubectl-set`,
    ]);
  });
});

describe("what Git says is not what is applied", () => {
  test("when the Kustomization patches it: managed fields alone tell", async () => {
    flux({ patches: [{ patch: "x" }] });
    const other = { ...web, spec: { ...web.spec, replicas: 9 } };
    assert.deepEqual(await told({ declares: [other] }), ["healed modified"]);
  });

  test("when it is a field that the server may not know, and a dry run is refused", async () => {
    const odd = { ...web, spec: { ...web.spec, replica: 9 } };
    assert.deepEqual(await told({ user: "reader", declares: [odd] }), ["healed modified"]);
  });

  test("when the reconciler itself wrote another value: a report about it cannot be verified", async () => {
    const other = { ...web, spec: { ...web.spec, replicas: 9 } };
    const replicas = { path: "/spec/replicas", live: { kind: "shown", text: "2" } } as const;
    const suspects = [
      { object: deployment({ uid: "x" }), change: "modified", fields: [replicas], evidence: "" } as const,
    ];
    const request = {
      suspects: [],
      claim: claim({ target: kustomization({ uid: "k" }), suspects }),
      claimOnBranch: true,
    };
    const findings = await verify({ declares: [other], request });
    assert.deepEqual(
      findings.map(({ verdict }) => verdict),
      ["unverifiable"],
    );
    assert.match(findings[0]?.why ?? "", /the reconciler wrote this value itself/);
  });
});

describe("what cannot be looked at is unverifiable, with the reason:", () => {
  const why = async (asking: Asking = {}) => {
    const findings = await verify(asking);
    assert.deepEqual([...new Set(findings.map(({ verdict }) => verdict))], ["unverifiable"]);
    return findings[0]?.why ?? "";
  };

  test("the cluster does not answer", async () => {
    cluster.faults.add({ kind: "drop" });
    assert.match(await why(), /the cluster prod-eu/);
  });

  test("it answers slowly for ever", async () => {
    cluster.faults.add({ kind: "trickle", plural: "deployments" });
    const started = Date.now();
    assert.match(await why({ patience: 300 }), /the cluster prod-eu/);
    assert.ok(Date.now() - started < 5_000);
  });

  test("the token has expired", async () => {
    cluster.faults.add({ kind: "unauthorized" });
    assert.match(await why(), /the cluster prod-eu/);
  });

  test("nothing may be read", async () => assert.match(await why({ user: "nobody" }), /the cluster prod-eu/));

  test("the object is being deleted", async () => {
    cluster.restore({
      ...web,
      metadata: { ...web.metadata, uid: "u", deletionTimestamp: "2026-11-20T10:00:00Z", finalizers: ["x"] },
    } as never);
    assert.match(await why(), /being deleted/);
    cluster.restore(web as never);
  });

  test("a kind that the cluster does not have is never missing", async () => {
    const odd = { apiVersion: "example.com/v1", kind: "Database", metadata: { name: "main" } };
    assert.match(await why({ declares: [odd], request: { suspects: noticed(odd) } }), /kind Database/);
  });

  test("more objects than are looked at in one go", async () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      ...web,
      metadata: { ...web.metadata, name: `web-${index}` },
    }));
    cluster.faults.clear();
    const findings = await verify({ declares: [], request: { suspects: noticed(...many) } });
    assert.equal(findings.filter((finding) => /only 20 objects/.test(finding.why)).length, 5);
  });

  test("a rollout is under way, and then nothing is asked of the cluster", async () => {
    const asked = cluster.requests().length;
    setImage("ghcr.io/acme/web:hotfix");
    assert.match(await why({ state: known(state({ sync: { state: "progressing" } })) }), /rollout is no drift/);
    assert.match(await why({ state: unknown("prod-eu did not answer") }), /did not answer/);
    assert.equal(cluster.requests().length, asked);
  });
});

test("T26: a report about another revision costs no request, and changes nothing", async () => {
  setImage("ghcr.io/acme/web:hotfix");
  const asked = cluster.count({ plural: "deployments" });
  const request = {
    suspects: [],
    claim: claim({ commit: OTHER, target: kustomization({ uid: "k" }) }),
    claimOnBranch: false,
  };
  assert.deepEqual(
    (await verify({ request })).map(({ verdict }) => verdict),
    ["wrong-revision"],
  );
  assert.equal(cluster.count({ plural: "deployments" }), asked);
});

describe("T26: what a report names beside the environment", () => {
  const asConfigMap = (namespace: string, name: string) =>
    ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } }) as const;
  const claimed = ({ apiVersion, kind, metadata }: ReturnType<typeof asConfigMap>): DriftSuspect => ({
    object: { apiVersion, kind, ...metadata },
    change: "undeclared-fields",
    fields: [],
    evidence: "a report",
  });
  const plainState = state({
    reconciler: "kubernetes",
    object: { apiVersion: "v1", kind: "Namespace", name: "checkout" },
    resources: [{ object: deployment() }],
  });

  async function verdicts(objects: readonly ReturnType<typeof asConfigMap>[], declares: readonly Given[] = []) {
    for (const object of objects) {
      cluster.apply({ ...object, data: { price: "9.99" } } as never, { manager: "kubectl-edit" });
    }
    const { object: target } = plainState;
    const request = { suspects: [], claim: claim({ target, suspects: objects.map(claimed) }) };
    const findings = await verify({ declares, request, state: known(plainState) });
    return findings.map(({ verdict, field }) => [verdict, field?.live] as const);
  }

  test("is not looked at: an object of another team, in its namespace or in ours", async () => {
    const asked = cluster.count({ plural: "configmaps" });
    const seen = await verdicts([asConfigMap("billing", "prices"), asConfigMap("checkout", "of-somebody")]);
    assert.deepEqual(seen, [
      ["unverifiable", undefined],
      ["unverifiable", undefined],
    ]);
    assert.equal(cluster.count({ plural: "configmaps" }), asked);
  });

  test("is not taken for what a file without a namespace declares", async () => {
    const file = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "prices" } };
    assert.deepEqual(await verdicts([asConfigMap("billing", "prices")], [file]), [["unverifiable", undefined]]);
    const [own] = await verdicts([asConfigMap("checkout", "prices")], [file]);
    assert.equal(own?.[0], "confirmed");
  });
});

test("nothing is ever written: the object is the same after every look", async () => {
  setImage("ghcr.io/acme/web:hotfix");
  const before = JSON.stringify(cluster.get(web));
  await verify();
  assert.equal(JSON.stringify(cluster.get(web)), before);
});
