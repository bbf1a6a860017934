// What is said of the plan that another pipeline file would make.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known } from "../../src/domain/seen.ts";
import { tellPreview } from "../../src/plan/tell-preview.ts";
import { configuration, environment, observed, pipeline, planFully, promotion } from "./build.ts";

const present = configuration();

function told(changes: Parameters<typeof configuration>[0], start: Parameters<typeof observed>[0] = {}) {
  const proposed = configuration(changes);
  const { plan } = planFully(observed({ configuration: known(proposed), ...start }));
  return tellPreview(plan, { present, proposed });
}

describe("the preview of a pipeline file", () => {
  test("names environments that come and go, and what would be opened and closed", () => {
    const environments = [environment("integration"), environment("rehearsal", { after: ["integration"] })];
    const lines = told(
      { pipelines: [pipeline({ environments })] },
      { promotions: [promotion("staging", "1.7.0")] },
    ).join("\n");
    assert.match(lines, /`checkout\/staging` is no environment any more\n`checkout\/live` is no environment any more/);
    assert.match(lines, /`checkout\/rehearsal` is a new environment/);
    assert.match(lines, /`checkout\/staging`: pull request 7 would be closed, because /);
    assert.match(lines, /`checkout\/integration`: a promotion of `1\.8\.0` would be opened, because /);
    assert.match(lines, /`checkout\/rehearsal` waits: /);
  });

  test("says that a mode only observes", () => {
    const lines = told({ mode: "observe" });
    assert.equal(lines[0], "The mode becomes observe, after full");
    assert.match(lines.join("\n"), /otherwise now: open/);
  });

  test("says when nothing changes", () => {
    const one = configuration({ pipelines: [] });
    const { plan } = planFully(observed({ configuration: known(one) }));
    assert.deepEqual(tellPreview(plan, { present: one, proposed: one }), ["It opens, closes and changes no promotion"]);
  });

  test("has at most twenty lines, and says that there are more", () => {
    const environments = Array.from({ length: 60 }, (_, index) => environment(`e${index}`));
    const lines = told({ pipelines: [pipeline({ environments })] });
    assert.equal(lines.length, 21);
    assert.match(lines.at(-1) ?? "", /^\d+ more lines not shown here$/);
  });
});
