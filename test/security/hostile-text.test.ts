// T17: texts that once took time without end, or the whole stack. Each is small enough to stand in a repository, and is
// answered at once with what it deserves; a mistake that comes back shows as a test that never ends.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { READING_RULES } from "../../src/cli/reading-rules.ts";
import { readConfiguration } from "../../src/config/read-configuration.ts";
import { cleanSentence } from "../../src/forge/classify-error.ts";
import { removalsBetween } from "../../src/manifests/find-removals.ts";
import { readManifest } from "../../src/manifests/read-manifest.ts";
import { splitDocuments } from "../../src/manifests/split-documents.ts";
import { redactSecrets } from "../../src/report/redact-secrets.ts";
import { textsOf, treeOf } from "../manifests/tree.ts";
import { configuration, environment, pipeline } from "../plan/build.ts";

const WEB = "ghcr.io/acme/web";

function read(text: string) {
  return readManifest({ path: "web.yaml", text, images: [WEB], fields: [] });
}

describe("T17: a manifest", () => {
  it("with many lines of comments that end in CRLF is cut at once", () => {
    const comments = "# ours\r\n".repeat(100_000);
    assert.equal(splitDocuments(`${comments}a: 1\r\n---\r\nb: 1\r\n`).length, 2);
    assert.equal(splitDocuments(`${comments}---\r\nb: 1\r\n`).length, 1);
  });

  it("with five million empty lines is cut without the stack of as many", () => {
    assert.equal(splitDocuments(`${"\n".repeat(5_000_000)}a: 1\n---\nb: 1\n`).length, 2);
  });

  it("whose maps merge lists of maps that merge lists is read once for each map", () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const merged = Array.from({ length: 50 }, () => `*m${level}`).join(", ");
      return `k${level}: &m${level + 1} { <<: [${merged}] }\n`;
    });
    const text = `base: &m0 { repository: ${WEB} }\n${levels.join("")}last: { tag: "1.0.0", <<: *m30 }\n`;
    const { found, problems } = read(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(found.at(-1)?.place.pointer, ["last"]);
    const nothing = read(text.replace("repository", "registry"));
    assert.deepEqual(nothing.found, []);
  });

  for (const opening of ["- ", "? ", "[", "{a: "]) {
    it(`nested without end by ${JSON.stringify(opening)} is a problem, not a failure of the pass`, () => {
      const { found, problems } = read(`image: ${WEB}:1.0.0\nx: ${opening.repeat(200_000)}\n`);
      assert.deepEqual(found, []);
      assert.match(problems[0]?.why ?? "", /not valid YAML|nested/);
    });
  }
});

describe("T17: a pull request", () => {
  it("that changes a file of three hundred environments has it read once", () => {
    const object = (index: number) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c-${index} }\n---\n`;
    const text = Array.from({ length: 2_000 }, (_, index) => object(index)).join("");
    const [before, after] = [{ "shared/a.yaml": `${text}${object(2_000)}` }, { "shared/a.yaml": text }];
    const environments = Array.from({ length: 300 }, (_, index) => environment(`e${index}`, { paths: ["shared"] }));
    const reading = removalsBetween({
      configuration: configuration({ pipelines: [pipeline({ environments })] }),
      branch: "main",
      defaultBranch: "main",
      before: treeOf(before),
      after: treeOf(after),
      texts: textsOf(before, after),
    });
    assert.ok(reading.kind === "known");
    assert.equal(reading.value.length, 300);
  });
});

describe("T17: a text that is about to be shown", () => {
  it("is cleaned of credentials in one go, also where it is full of beginnings of them", () => {
    const text = "eyJ-".repeat(1_000_000);
    assert.equal(redactSecrets(text), text);
    assert.equal(cleanSentence("eyJ".repeat(1_000_000)).length, 301);
  });
});

describe("T12: a pipeline file", () => {
  for (const key of ["extends", "include", "_extends", "from", "import"]) {
    it(`takes nothing from elsewhere by \`${key}\``, () => {
      const files = [
        { path: ".github/stagecoach.yaml", text: `version: 1\n${key}: other/repository\npipelines: []\n` },
      ];
      const { findings } = readConfiguration({ files, tree: [], floor: [], rules: READING_RULES });
      assert.match(findings[0]?.message ?? "", new RegExp(`Unknown key \`${key}\``));
    });
  }
});

describe("T20: a pipeline file has no say in where anybody connects:", () => {
  const rows = [
    "{ source: dev, url: 'http://169.254.169.254', argocd: web }",
    "{ source: dev, token: x, argocd: web }",
    "{ source: 'http://169.254.169.254', argocd: web }",
    "{ source: dev, argocd: 'http://169.254.169.254?web' }",
    "{ source: dev, kubernetes: '../../secrets' }",
  ];
  for (const live of rows) {
    it(live, () => {
      const where = `environments: [{ name: dev, paths: [apps/web], live: ${live} }]`;
      const image = `images: [{ image: ${WEB}, policy: { semver: "*" } }]`;
      const text = `version: 1\npipelines:\n- name: web\n  ${image}\n  ${where}\n`;
      const files = [{ path: ".github/stagecoach.yaml", text }];
      const { findings } = readConfiguration({ files, tree: [], floor: [], rules: READING_RULES });
      assert.ok(findings.some(({ severity }) => severity === "error"));
      assert.ok(findings.some(({ message }) => /live|source|url|token|name/i.test(message)));
    });
  }
});

describe("T17: a pipeline file", () => {
  function findings(...paths: readonly (readonly string[])[]) {
    const environments = paths.map((each, index) => `    - { name: e${index}, paths: ${JSON.stringify(each)} }\n`);
    const image = `images: [{ image: ${WEB}, policy: { semver: "*" } }]`;
    const text = `version: 1\npipelines:\n- name: web\n  ${image}\n  environments:\n${environments.join("")}`;
    const files = [{ path: ".github/stagecoach.yaml", text }];
    return readConfiguration({ files, tree: [], floor: [], rules: READING_RULES }).findings.map(
      ({ message }) => message,
    );
  }

  it("with a glob and a path that was made for it is checked at once", () => {
    const glob = `b/${Array(18).fill("*a*a").join("/")}/c`;
    const path = `b/${Array(18).fill("a".repeat(14)).join("/")}`;
    assert.deepEqual(findings([glob], [`${path}/d`]), []);
    assert.equal(findings([glob], [`${path}/c`]).length, 1);
  });

  it("with alternatives in one name, several times over, is refused", () => {
    assert.match(findings(["{a,b}{a,b}"]).join(), /too complicated/);
    assert.match(findings(["apps/{a/b,c}/x"]).join(), /too complicated/);
    assert.match(findings(["*{a,a,a,a,a,a,a,a,a,a}*b"]).join(), /too complicated/);
    assert.deepEqual(findings(["*{a,a,a,a,a,a,a,a,a}*b", "{a,a,a,a,a,a,a,a,a,a,a}/*"]), []);
  });

  it("with thousands of globs that never meet stops comparing when it was enough", () => {
    const names = Array.from({ length: 100 }, (_, environment) =>
      Array.from({ length: 60 }, (_, glob) => `a/*${environment}/**/*x${glob}`),
    );
    const said = findings(...names);
    assert.ok(said.length <= 101);
  });
});
