import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startArgocd } from "./start-argocd.ts";

const FIRST = "1".repeat(40);
const SECOND = "2".repeat(40);
const WEB = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas: 2, template: { spec: { containers: [{ name: "web", image: "ghcr.io/acme/checkout:1.7.0" }] } } },
};

type Application = {
  metadata: { annotations: Record<string, string> };
  spec: Record<string, unknown>;
  operation?: unknown;
  status: {
    sync: { status: string; revision?: string };
    health: { status: string };
    history?: { revision: string }[];
    operationState?: { phase: string };
    resources: { name: string; status: string; requiresPruning?: boolean }[];
  };
};

async function begin(t: { after: (end: () => Promise<void>) => void }) {
  const argocd = await startArgocd({ now: () => Date.parse("2027-03-01T10:00:00Z") });
  t.after(() => argocd.stop());
  const ask = async (path: string, options: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${argocd.token}`, ...options.headers };
    const response = await fetch(argocd.url + path, { ...options, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { argocd, ask };
}

describe("the played Argo CD", () => {
  test("follows Git when it looks, and syncs by itself unless told otherwise", async (t) => {
    const { argocd, ask } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST], objects: [WEB] });
    const read = async () =>
      (await ask("/api/v1/applications/checkout?project=default")).body as unknown as Application;
    assert.equal((await read()).status.health.status, "Healthy");
    application.pushed(SECOND);
    assert.equal((await read()).status.sync.revision, FIRST, "it has not looked yet");
    application.looks();
    const after = await read();
    assert.deepEqual([after.status.sync.status, after.status.sync.revision], ["Synced", SECOND]);
    assert.equal(after.status.health.status, "Progressing");
    application.automate(false).pushed(FIRST).looks();
    assert.equal((await read()).status.sync.status, "OutOfSync");
    assert.equal((await read()).status.history?.at(-1)?.revision, SECOND);
    assert.deepEqual(argocd.problems(), []);
  });

  test("shows hand edits in its comparison, and heals them where it may", async (t) => {
    const { argocd, ask } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST], objects: [WEB] });
    application.handEdit({
      object: "Deployment/web",
      pointer: "/spec/template/spec/containers/0/image",
      value: "other",
    });
    application.looks();
    assert.equal((application.document as unknown as Application).status.sync.status, "OutOfSync");
    const { body } = await ask("/api/v1/applications/checkout/managed-resources?project=default");
    const [item] = body.items as { normalizedLiveState: string; predictedLiveState: string; modified?: boolean }[];
    assert.equal(item?.modified, true);
    assert.match(item?.normalizedLiveState ?? "", /"image":"other"/);
    assert.match(item?.predictedLiveState ?? "", /checkout:1.7.0/);
    const live = await ask(
      "/api/v1/applications/checkout/resource?project=default&kind=Deployment&group=apps&version=v1&namespace=checkout&resourceName=web",
    );
    assert.match(String(live.body.manifest), /"manager":"kubectl-edit".*"k:\{\\"name\\":\\"web\\"\}":\{"f:image"/);
    application.automate({ selfHeal: true }).looks();
    assert.equal((application.document as unknown as Application).status.sync.status, "Synced");
  });

  test("a refresh waits for the controller", async (t) => {
    const { argocd, ask } = await begin(t);
    argocd.controller("asleep");
    const application = argocd.application("checkout", { revisions: [FIRST] });
    const asked = ask("/api/v1/applications/checkout?refresh=normal&project=default");
    while (!argocd.requests().some(({ query }) => query.refresh === "normal")) await new Promise(setImmediate);
    application.pushed(SECOND).looks();
    assert.equal(((await asked).body as unknown as Application).status.sync.revision, SECOND);
  });

  test("says who may not, and hides what is not there", async (t) => {
    const { argocd, ask } = await begin(t);
    argocd.application("checkout", { revisions: [FIRST] });
    argocd.application("secret", { revisions: [FIRST], project: "hidden" });
    argocd.permit("applications, get, default/*");
    const list = await ask("/api/v1/applications");
    assert.equal((list.body.items as unknown[]).length, 1);
    assert.equal((await ask("/api/v1/applications/secret")).status, 403);
    assert.equal((await ask("/api/v1/applications/nothing?project=default")).status, 404);
    const sync = { method: "POST", body: JSON.stringify({ name: "checkout", project: "default" }) };
    assert.equal((await ask("/api/v1/applications/checkout/sync", sync)).status, 403);
    assert.equal((await ask("/api/v1/applications", { headers: { authorization: "Bearer other" } })).status, 401);
    assert.deepEqual(argocd.problems(), []);
    assert.equal((await ask("/api/v1/applications?fields=items.metadata.name")).status, 501);
    assert.deepEqual(argocd.problems(), ["not modelled: GET /api/v1/applications with fields"]);
  });

  test("refuses to sync elsewhere than where automation points, and takes up a sync without a revision", async (t) => {
    const { argocd, ask } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST], objects: [WEB] });
    const sync = (body: object) =>
      ask("/api/v1/applications/checkout/sync", { method: "POST", body: JSON.stringify(body) });
    assert.match(String((await sync({ revision: SECOND })).body.error), /auto-sync currently set to main/);
    application.pushed(SECOND);
    assert.equal((await sync({ prune: false })).status, 200);
    const { status, operation } = application.document as unknown as Application;
    assert.deepEqual([status.sync.revision, status.operationState?.phase, operation], [SECOND, "Succeeded", undefined]);
  });

  test("tells changes to those who listen, until the line breaks", async (t) => {
    const { argocd } = await begin(t);
    const application = argocd.application("checkout", { revisions: [FIRST] });
    const headers = { authorization: `Bearer ${argocd.token}` };
    const response = await fetch(`${argocd.url}/api/v1/stream/applications`, { headers });
    const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader.read()).value ?? "", /"type":"ADDED"/);
    application.degraded("no pods");
    assert.match((await reader.read()).value ?? "", /"type":"MODIFIED".*"Degraded"/);
    argocd.breakStreams();
    await assert.rejects(reader.read());
  });
});
