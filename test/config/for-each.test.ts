import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readText } from "./read-text.ts";

const services = [
  "version: 1",
  "pipelines:",
  '  - name: "{app}"',
  '    for-each: "services/{app}"',
  '    images: [{ image: "ghcr.io/acme/{app}", policy: { semver: "*", tags: "^{app}-(?P<version>.*)$" } }]',
  "    environments:",
  '      - { name: dev, paths: ["services/{app}/dev"], live: { source: dev, argocd: "{app}-dev" } }',
  '      - { name: prod, after: [dev], paths: ["services/{app}/prod"] }',
  "",
].join("\n");

describe("for-each", () => {
  test("makes a pipeline of every folder, its name in every text", () => {
    const tree = ["services/cart/dev/a.yaml", "services/till.v2/prod/a.yaml", "services/README.md", "other/x/a.yaml"];
    const { pipelines, findings } = readText(services, { tree });
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(
      pipelines.map(({ name }) => name),
      ["cart", "till.v2"],
    );
    const [, till] = pipelines;
    assert.deepEqual(till?.images, [
      // In a pattern a dot of the name means a dot.
      {
        image: "ghcr.io/acme/till.v2",
        policy: { kind: "semver", range: "*", tags: "^till\\.v2-(?P<version>.*)$", ignore: [] },
      },
    ]);
    assert.deepEqual(till?.environments[0]?.paths, ["services/till.v2/dev"]);
    assert.deepEqual(till?.environments[0]?.live, [{ source: "dev", kind: "argocd", name: "till.v2-dev" }]);
    assert.deepEqual(till?.at, { file: ".github/stagecoach.yaml", line: 3, column: 5 });
  });

  test("five hundred services are ten lines and no findings", () => {
    const tree = Array.from({ length: 500 }, (_, index) => `services/service-${index}/dev/values.yaml`);
    const { pipelines, findings } = readText(services, { tree });
    assert.equal(pipelines.length, 500);
    assert.deepEqual(findings, []);
  });

  test("a pipeline of that name that is written out takes its folder out", () => {
    const own =
      "  - { name: cart, images: [{ image: own }], environments: [{ name: only, paths: [services/cart] }] }\n";
    const { pipelines, findings } = readText(services + own, { tree: ["services/cart/a", "services/till/a"] });
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(
      pipelines.map(({ name, environments }) => `${name}: ${environments.map((each) => each.name)}`),
      ["till: dev,prod", "cart: only"],
    );
  });

  test("a folder that cannot be a name is left out with a warning", () => {
    const { pipelines, findings } = readText(services, {
      tree: ["services/Cart/a", "services/_x/a", "services/till/a"],
    });
    assert.deepEqual(
      pipelines.map(({ name }) => name),
      ["till"],
    );
    assert.deepEqual(findings.map(inShort), [
      'warning 4:15 ["services/{app}"] These folders are left out, because a pipeline cannot have their name: `services/Cart`, `services/_x`. Names are lower-case letters and digits, inside also `.`, `_` and `-`.',
    ]);
  });

  test("that finds nothing is a warning", () => {
    assert.deepEqual(readText(services).findings.map(inShort), [
      'warning 4:15 ["services/{app}"] No folder of the default branch matches this.',
    ]);
  });

  test("that finds nothing is checked all the same", () => {
    const { findings, broken } = readText(services.replace("live:", "lvie:"));
    assert.deepEqual(findings.map(inShort), [
      'warning 4:15 ["services/{app}"] No folder of the default branch matches this.',
      "7:53 [lvie] Unknown key `lvie` in an environment. Did you mean `live`?",
    ]);
    assert.deepEqual(
      broken.map(({ name }) => name),
      ["{app}"],
    );
  });

  test("a mistake in it is one finding, however many folders there are", () => {
    const tree = ["services/cart/a", "services/till/a", "services/shelf/a"];
    const { findings, broken } = readText(services.replace("after: [dev]", "after: [dve]"), { tree });
    assert.deepEqual(findings.map(inShort), [
      "8:31 [dve] There is no environment `dve` in this pipeline. Did you mean `dev`?",
    ]);
    assert.deepEqual(
      broken.map(({ name }) => name),
      ["cart", "shelf", "till"],
    );
  });

  test("several placeholders, each a part of one folder's name", () => {
    const text = services.replaceAll("services/{app}", "teams/{team}/svc-{app}").replace('"{app}"', '"{team}-{app}"');
    const { pipelines, findings } = readText(text, {
      tree: ["teams/red/svc-cart/a", "teams/red/other/a", "teams/svc-x/a"],
    });
    assert.deepEqual(findings.map(inShort), []);
    assert.deepEqual(
      pipelines.map(({ name, environments }) => [name, environments[0]?.paths]),
      [["red-cart", ["teams/red/svc-cart/dev"]]],
    );
  });

  test("placeholders in the defaults are those of the pipeline", () => {
    const text = `${services.replace(/, live: .* \} \}/, " }")}defaults: { live: { source: dev, flux: "apps/{app}" } }\n`;
    const { pipelines, findings } = readText(text, { tree: ["services/cart/a"] });
    assert.deepEqual(findings.map(inShort), []);
    assert.equal(pipelines[0]?.environments[0]?.live[0]?.name, "apps/cart");
  });

  const mistakes = [
    {
      name: "no placeholder",
      text: services.replace('"services/{app}"\n', '"services"\n'),
      expected: '4:15 ["services"] Expected a placeholder in the folder, such as `services/{app}`.',
    },
    {
      name: "a glob",
      text: services.replace('"services/{app}"\n', '"services/*/{app}"\n'),
      expected:
        '4:15 ["services/*/{app}"] Expected a folder of this repository with placeholders, such as `services/{app}`.',
    },
    {
      name: "T18: a folder outside",
      text: services.replace('"services/{app}"\n', '"../{app}"\n'),
      expected: '4:15 ["../{app}"] Expected a folder of this repository with placeholders, such as `services/{app}`.',
    },
    {
      name: "a placeholder that the name lacks",
      text: services.replace('"services/{app}"\n', '"{team}/{app}"\n'),
      expected: '3:11 ["{app}"] The name has to contain `{team}`, or several folders would make pipelines of one name.',
    },
    {
      name: "a placeholder without for-each",
      text: services.replace(/ {4}for-each.*\n/, ""),
      expected:
        '3:11 ["{app}"] `{app}` is not a name. A placeholder such as `{app}` needs `for-each`. Lower-case letters and digits, inside also `.`, `_` and `-`; no `..`, no final `.lock`.',
    },
  ];
  for (const { name, text, expected } of mistakes) {
    test(`is refused with ${name}`, () => {
      const { pipelines, findings } = readText(text, { tree: ["services/cart/a"] });
      assert.deepEqual(pipelines, []);
      assert.equal(findings.map(inShort)[0], expected);
    });
  }
});
