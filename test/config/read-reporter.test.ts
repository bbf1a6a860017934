// The reporter's file: what it says, and everything that can be wrong with it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readReporter } from "../../src/config/read-reporter.ts";

const variables = { REPORTS: "a-secret-of-the-clusters", SHORT: "hunter2" };
const SOUND = ["cluster: us", "url: https://stagecoach.example/hooks/live/us", "secret-env: REPORTS"];

function read(...lines: readonly string[]) {
  return readReporter({ file: { path: "reporter.yaml", text: `${lines.join("\n")}\n` }, variables });
}

function told(...lines: readonly string[]): readonly string[] {
  return read(...lines).findings.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("readReporter", () => {
  test("reads everything, with names for targets that have none", () => {
    const result = read(
      ...SOUND,
      "every: 1m",
      "targets:",
      "- { flux: apps/shop, images: ghcr.io/acme/shop }",
      "- { config-sync: root-sync }",
      "- { argocd: shop }",
      "- { name: shop/live, kubernetes: shop, objects: [{ kind: Deployment, name: web, namespace: shop }] }",
    );
    assert.deepEqual(result.kind === "read" && result.settings, {
      cluster: "us",
      url: "https://stagecoach.example/hooks/live/us",
      proof: { kind: "secret", secret: variables.REPORTS },
      every: 60_000,
      targets: [
        { name: "flux:apps/shop", kind: "flux", target: "apps/shop", images: ["ghcr.io/acme/shop"], objects: [] },
        { name: "config-sync:root-sync", kind: "config-sync", target: "root-sync", images: [], objects: [] },
        { name: "argocd:shop", kind: "argocd", target: "shop", images: [], objects: [] },
        {
          ...{ name: "shop/live", kind: "kubernetes", target: "shop", images: [] },
          objects: [{ kind: "Deployment", namespace: "shop", name: "web" }],
        },
      ],
    });
  });

  test("takes a token's file in place of a secret, and two minutes", () => {
    const result = read("cluster: us", "url: http://localhost:3000/a", "token-file: token", "targets: [{ flux: a/b }]");
    assert.ok(result.kind === "read");
    assert.deepEqual(result.settings.proof, { kind: "token-file", path: "token" });
    assert.equal(result.settings.every, 120_000);
  });

  const targets = "targets: [{ flux: a/b }]";
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      "T2: no proof",
      [SOUND[0] ?? "", SOUND[1] ?? "", targets],
      ["1:1 Expected one of `secret-env` or `token-file` in a reporter file."],
    ],
    [
      "T2: a short secret",
      ["cluster: us", SOUND[1] ?? "", "secret-env: SHORT", targets],
      ["3:13 The secret in `SHORT` has fewer than 16 characters."],
    ],
    [
      "T20: an address in the clear",
      ["cluster: us", "url: http://stagecoach.example/a", "secret-env: REPORTS", targets],
      ["2:6 Expected an address such as `https://argocd.dev.acme.com`; it has to begin with `https://`."],
    ],
    [
      "reports that are too rare",
      [...SOUND, "every: 6m", targets],
      ["4:8 A reporter reports every `10s` to every `5m`."],
    ],
    [
      "reports that are too frequent",
      [...SOUND, "every: 1s", targets],
      ["4:8 A reporter reports every `10s` to every `5m`."],
    ],
    [
      "nothing to report",
      [...SOUND, "targets: []"],
      ["4:10 Expected a list, each item a map with keys such as `name`, `flux` and `config-sync`."],
    ],
    [
      "a namespace without anything that counts",
      [...SOUND, "targets: [{ kubernetes: shop }]"],
      ["4:13 A namespace has all kinds of workloads; say with `images` or `objects` which of them count."],
    ],
    [
      "two targets of one name",
      [...SOUND, "targets: [{ flux: a/b }, { flux: a/b }]"],
      ["4:10 Two targets are reported as `flux:a/b`."],
    ],
    [
      "two kinds in one target",
      [...SOUND, "targets: [{ flux: a/b, argocd: c }]"],
      [
        "4:24 Only one of `argocd`, `flux`, `config-sync` or `kubernetes` may stand in a reported target; here are `flux` and `argocd`.",
      ],
    ],
  ];
  for (const [name, lines, expected] of rows) {
    test(name, () => assert.deepEqual(told(...lines), expected));
  }
});
