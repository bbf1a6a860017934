// `stagecoach live`: the model of what runs as a person and as a program read it, on a clone, with sources that answer
// what a test gives them.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { CommandContext, Preview, PreviewOptions } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import type { LiveState } from "../../src/domain/live-state.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import { createLocalForge } from "../../src/forge/local-forge.ts";
import type { Live, LiveRequest } from "../../src/live/live.ts";
import { createPassMemory } from "../../src/reconcile/pass-memory.ts";
import { createRenderer } from "../../src/report/create-renderer.ts";
import { loadTemplates } from "../../src/report/load-templates.ts";
import { openPreviewStore } from "../../src/store/open-preview-store.ts";
import { type RunningArgocd, startArgocd } from "../argocd/start-argocd.ts";
import { buildClone } from "./build-clone.ts";
import { runProgram } from "./run-program.ts";

const PIPELINE = `version: 1
pipelines:
  - name: checkout
    images: [{ image: ghcr.io/acme/checkout, policy: { semver: "*" } }]
    environments:
      - name: staging
        paths: [staging]
        images: [{ image: eu.example.com/checkout, as: ghcr.io/acme/checkout }]
        objects: [{ kind: Deployment, namespace: checkout, name: web }]
        live:
          - { source: prod-eu, argocd: checkout-eu }
          - { source: prod-us, kubernetes: checkout }
          - { source: prod-eu, argocd: checkout-eu-2 }
      - { name: live, after: [staging], paths: [live] }
`;

const AT = Date.parse("2026-11-01T12:00:00Z");
const COMMIT = "4f1c2ab09d3e4f1c2ab09d3e4f1c2ab09d3e4f1c";

function state(rest: Partial<LiveState> = {}): Seen<LiveState> {
  return known({
    reconciler: "argocd",
    object: { apiVersion: "argoproj.io/v1alpha1", kind: "Application", namespace: "argocd", name: "checkout-eu" },
    desired: [{ kind: "git", id: COMMIT, repository: "acme/platform-config", reference: "main" }],
    observed: [{ kind: "git", id: COMMIT }],
    sync: { state: "synced" },
    health: { state: "healthy", basis: "reconciler", since: AT - 60_000 },
    freshness: { readAt: AT, reconciledAt: AT - 30_000, proof: "handshake" },
    resources: [],
    suspects: [],
    prunable: [],
    containers: [],
    healing: { on: false, how: "selfHeal: false", ignored: [] },
    ...rest,
  });
}

const SICK = state({
  attempted: [{ kind: "git", id: "9".repeat(40) }],
  sync: { state: "out-of-sync", cause: "apply-failed", message: "one object could not be applied" },
  health: { state: "degraded", basis: "kstatus", message: "\u001b[2JDeployment exceeded its progress deadline" },
  suspended: "`syncPolicy.automated` is not set",
  blocked: { code: "ImagePullBackOff", message: "no such manifest", retrying: true },
  lastResult: { phase: "failed", startedAt: AT - 9_000, at: AT - 1_000, by: "automated", message: "it failed" },
  resources: [
    {
      object: { apiVersion: "apps/v1", kind: "Deployment", namespace: "checkout", name: "web" },
      sync: "synced",
      health: "degraded",
      message: "0 of 3 are ready",
    },
  ],
  containers: [
    {
      workload: "Deployment/checkout/web",
      container: "web",
      image: "eu.example.com/checkout:1.8.0",
      pods: [
        { name: "web-1", digest: `sha256:${"a".repeat(64)}`, ready: true, newest: false },
        { name: "web-2", ready: false, newest: true },
      ],
    },
  ],
  suspects: [
    {
      object: { apiVersion: "v1", kind: "Secret", namespace: "checkout", name: "keys" },
      change: "modified",
      evidence: "managed fields",
      fields: [{ path: "/data/token", desired: { kind: "hidden" }, live: { kind: "hidden" }, manager: "kubectl-edit" }],
    },
  ],
  prunable: [
    {
      object: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "checkout", name: "data" },
      protection: "confirm",
      holdsData: true,
    },
  ],
  healing: { how: "", ignored: ["/spec/replicas"] },
  link: "https://argocd.acme.example/applications/checkout-eu",
});

describe("stagecoach live", () => {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-live-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  before(() => {
    const clone = buildClone(join(folder, "platform-config"));
    clone.git("remote", "add", "origin", "https://github.example/acme/platform-config.git");
    clone.commit({ at: "2026-10-01T08:00:00Z", message: "Begin", files: { ".github/stagecoach.yaml": PIPELINE } });
  });

  /** `answers`: by the name of the target. */
  async function run(args: readonly string[], answers: Readonly<Record<string, Seen<LiveState>>> = {}) {
    const asked: LiveRequest[] = [];
    const printed: string[] = [];
    const complained: string[] = [];
    const live: Live = {
      read: async (request) => {
        asked.push(request);
        return request.targets.map(({ target }) => answers[target.name] ?? state());
      },
      readClaims: async () => [],
      verifyDrift: async () => known([]),
      askToSync: async () => ({ kind: "refused", why: "it only looks" }),
      watch: () => ({ stop: () => undefined }),
    };
    const context: CommandContext = {
      arguments: ["live", ...args],
      variables: {},
      folder,
      print: (text) => printed.push(text),
      complain: (text) => complained.push(text),
      adapters: {
        startApp: refuse,
        openHistory: refuse,
        openRegistry: refuse,
        openReporter: refuse,
        samples: { make: refuse, send: refuse },
        openPreview: (options) => openPreview(options, live),
        apiUrl: () => "",
      },
    };
    const code = await runCommand(context, { commands: COMMANDS, version: "1.2.3" });
    return { code, asked, stdout: printed.join("\n"), stderr: complained.join("\n") };
  }

  const LOCAL = ["--local", "platform-config"];

  it("asks every source once, for what the environment names and no more", async () => {
    const { asked, code } = await run(["staging", ...LOCAL]);
    assert.equal(code, 0);
    const shown = asked.map(({ source, asker, targets }) => [source, asker, targets.map(({ target }) => target.name)]);
    assert.deepEqual(shown, [
      ["prod-eu", "acme/platform-config", ["checkout-eu", "checkout-eu-2"]],
      ["prod-us", "acme/platform-config", ["checkout"]],
    ]);
    const [wanted] = asked[0]?.targets ?? [];
    assert.deepEqual(wanted?.images, ["eu.example.com/checkout"]);
    assert.deepEqual(wanted.objects, [{ kind: "Deployment", namespace: "checkout", name: "web" }]);
  });

  it("shows all that is known, place by place in the order of the pipeline file", async () => {
    const { stdout, code } = await run(["checkout/staging", ...LOCAL], { "checkout-eu": SICK });
    assert.equal(code, 1);
    assert.deepEqual(stdout.match(/^\S.*$/gm), [
      "checkout/staging in acme/platform-config",
      "checkout-eu in prod-eu (argocd)",
      "checkout in prod-us (kubernetes)",
      "checkout-eu-2 in prod-eu (argocd)",
    ]);
    const [, sick = ""] = stdout.split("\n\n");
    assert.equal(
      sick,
      `checkout-eu in prod-eu (argocd)
  object      Application argocd/checkout-eu (argoproj.io/v1alpha1)
  desired     git ${COMMIT} (main of acme/platform-config)
  attempted   git ${"9".repeat(40)}
  observed    git ${COMMIT}
  sync        out-of-sync, apply-failed: one object could not be applied
  health      degraded (by its objects): [2JDeployment exceeded its progress deadline
  suspended   \`syncPolicy.automated\` is not set
  blocked     ImagePullBackOff: no such manifest (it is tried again)
  freshness   read 2026-11-01 12:00 UTC, the reconciler looked at Git 2026-11-01 11:59 UTC, proof: handshake
  last result failed, begun 2026-11-01 11:59 UTC, ended 2026-11-01 11:59 UTC, by automated: it failed
  healing     not known: leaves alone /spec/replicas
  link        https://argocd.acme.example/applications/checkout-eu
  resources
    Deployment checkout/web: synced, degraded: 0 of 3 are ready
  containers
    Deployment/checkout/web, web: eu.example.com/checkout:1.8.0
      web-1: sha256:${"a".repeat(64)}, ready, of an older revision
      web-2: digest not known, not ready
  differs at first sight, not verified
    Secret checkout/keys: modified (managed fields)
      /data/token: hidden instead of hidden, written by kubectl-edit
  would be pruned
    PersistentVolumeClaim checkout/data, only after somebody confirms, holds data`,
    );
  });

  const CODES: readonly (readonly [string, Seen<LiveState>, 0 | 1, RegExp])[] = [
    ["healthy", state(), 0, /health {6}healthy \(the reconciler says\), since 2026-11-01 11:59 UTC/],
    [
      "healthy by old news",
      state({ freshness: { readAt: AT, proof: "none", stale: "a refresh is due" } }),
      1,
      /stale, a refresh is due/,
    ],
    ["progressing", state({ health: { state: "progressing", basis: "kstatus" } }), 1, /progressing \(by its objects\)/],
    ["unknown in itself", state({ health: { state: "unknown", basis: "none" } }), 1, /unknown \(nobody looked\)/],
    [
      "unknown as a whole",
      unknown("prod-us answered 503"),
      1,
      /checkout in prod-us \(kubernetes\)\n {2}not known: prod-us answered 503/,
    ],
  ];
  for (const [what, answer, expected, says] of CODES) {
    it(`ends with ${expected} where one place is ${what}`, async () => {
      const { code, stdout } = await run(["staging", ...LOCAL], { checkout: answer });
      assert.equal(code, expected);
      assert.match(stdout, says);
    });
  }

  it("is data for other programs, whole and without what a terminal would obey", async () => {
    const { stdout, code } = await run(["staging", ...LOCAL, "--json"], {
      "checkout-eu": SICK,
      checkout: unknown("no"),
    });
    assert.equal(code, 1);
    assert.doesNotMatch(stdout, /(?!\n)\p{Cc}/u);
    const { environment, healthy, places } = JSON.parse(stdout);
    assert.deepEqual([environment, healthy], ["checkout/staging", false]);
    const where = { source: "prod-eu", kind: "argocd", name: "checkout-eu" };
    assert.deepEqual(places[0], { ...where, state: SICK.kind === "known" && SICK.value });
    assert.deepEqual(places[1], { source: "prod-us", kind: "kubernetes", name: "checkout", unknown: "no" });
  });

  const WRONG: readonly (readonly [readonly string[], number, RegExp])[] = [
    [[], 2, /Name an environment, such as checkout\/staging/],
    [["staging"], 2, /Name a repository \(owner\/name\), or a clone with --local/],
    [["staging", "checkout", ...LOCAL], 2, /`checkout` is not a repository/],
    [["stagin", ...LOCAL], 1, /no environment `stagin`\. Did you mean `staging`\?/],
    [["live", ...LOCAL], 1, /checkout\/live names no `live`, so nobody knows what runs there/],
  ];
  for (const [args, expected, message] of WRONG) {
    it(`answers ${expected} for \`live ${args.join(" ")}\``, async () => {
      const { code, stderr, asked } = await run(args);
      assert.equal(code, expected);
      assert.match(stderr, message);
      assert.deepEqual(asked, []);
    });
  }
});

describe("stagecoach live on an Argo CD", () => {
  const folder = mkdtempSync(join(tmpdir(), "stagecoach-live-argocd-"));
  let argocd: RunningArgocd;
  before(async () => {
    argocd = await startArgocd();
    argocd.application("checkout-eu", { revisions: [COMMIT] });
    const clone = buildClone(join(folder, "platform-config"));
    clone.git("remote", "add", "origin", "https://github.example/acme/platform-config.git");
    const pipeline = PIPELINE.replace(/ {10}- .*checkout(?:-eu-2)? \}\n/g, "");
    clone.commit({ at: "2026-10-01T08:00:00Z", message: "Begin", files: { ".github/stagecoach.yaml": pipeline } });
    const source = `{ id: prod-eu, kind: argocd, for: ["acme/*"], url: "${argocd.url}", token-env: ARGOCD_TOKEN }`;
    writeFileSync(join(folder, "settings.yaml"), `live: [${source}]\n`);
  });
  after(async () => {
    await argocd.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const run = (token: string) =>
    runProgram(["live", "staging", "--local", "platform-config", "--settings", "settings.yaml"], {
      folder,
      variables: { ARGOCD_TOKEN: token },
    });

  it("shows what its Application says, and asks for nothing but to read", async () => {
    const { code, stdout, stderr } = await run(argocd.token);
    assert.equal(code, 0, stderr + stdout);
    assert.match(stdout, new RegExp(`\\n {2}observed {4}git ${COMMIT} `));
    assert.match(stdout, /\n {2}sync {8}synced\n {2}health {6}healthy \(the reconciler says\)/);
    assert.deepEqual(argocd.problems(), []);
    assert.deepEqual(
      argocd.requests().filter(({ method }) => method !== "GET"),
      [],
    );
  });

  it("says why nothing is known, without the token", async () => {
    const { code, stdout, stderr } = await run("another-token-of-somebody");
    assert.equal(code, 1);
    assert.match(stdout, /checkout-eu in prod-eu \(argocd\)\n {2}not known: /);
    assert.doesNotMatch(stdout + stderr, /another-token/);
  });
});

async function openPreview({ forge: wanted }: PreviewOptions, live: Live): Promise<Preview> {
  if (wanted.kind === "github") return refuse();
  const forge = await createLocalForge(wanted);
  const store = openPreviewStore();
  const registry = {
    listTags: refuse,
    resolveTag: refuse,
    readCreated: refuse,
    readPlatforms: refuse,
    readOrigin: refuse,
    readChildren: refuse,
    mayName: refuse,
    copyImage: refuse,
    readSignatures: refuse,
  };
  const shell = {
    forge,
    live,
    registry,
    store,
    renderer: createRenderer(loadTemplates()),
    signatures: { basis: refuse, verify: refuse },
    endpoints: { ask: async () => assert.fail("no endpoint is asked here") },
    floor: [],
    rules: READING_RULES,
    tagsFresh: () => 0,
    now: () => AT,
    log: { debug: refuse, info: refuse, warn: refuse, error: refuse },
    metrics: { passFinished: refuse, acted: refuse },
    counting: refuse,
    memory: createPassMemory(),
  };
  return { shell, forge, registry, close: () => store.close() };
}

function refuse(): never {
  throw new Error("Nobody was to ask for this.");
}
