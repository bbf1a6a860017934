// A version that came without a promotion: who is told to have brought it, and what it proves.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type GuardLevel, USUAL_GUARDS } from "../../src/domain/guard.ts";
import { type Observed, type Origin, originKey } from "../../src/domain/observed.ts";
import { known, type Seen, unknown } from "../../src/domain/seen.ts";
import {
  configuration,
  declares,
  environment,
  everywhere,
  ledger,
  minutes,
  observed,
  pipeline,
  planFully,
  reached,
  release,
} from "./build.ts";

const PATH = "apps/checkout/integration/deployment.yaml";

interface Given {
  readonly level: GuardLevel;
  readonly origin?: Seen<Origin>;
  readonly start?: Partial<Observed>;
}

/** Integration says 1.8.0, and the ledger knows 1.7.0 everywhere. */
function plan({ level, origin, start = {} }: Given) {
  const guards = { ...USUAL_GUARDS, "direct-pushes": level };
  const environments = [
    environment("integration", { guards }),
    environment("staging", { after: ["integration"] }),
    environment("live", { after: ["staging"] }),
  ];
  return planFully(
    observed({
      ...declares({ integration: "1.8.0", staging: "1.7.0", live: "1.7.0" }),
      ledger: everywhere("1.7.0").ledger,
      configuration: known(configuration({ pipelines: [pipeline({ environments })] })),
      ...(origin && { origins: { [originKey({ head: "base0", path: PATH })]: origin } }),
      ...start,
    }),
  ).plan;
}

type Planned = ReturnType<typeof plan>;

function newsOf({ actions }: Planned): string {
  const found = actions.find(({ kind }) => kind === "remember");
  return found?.kind === "remember" ? found.news.join("\n") : "";
}

const opens = ({ actions }: Planned) => actions.flatMap((each) => (each.kind === "open" ? [each.key] : []));
const waits = ({ waits: all }: Planned) => all.map(({ reason }) => reason).join("\n");
const PUSHED: Seen<Origin> = known({ commit: "c0ffee0", by: "leo" });

describe("a version that somebody committed", () => {
  test("is told with the newest author, and goes on, where the guard warns", () => {
    const planned = plan({ level: "warn" });
    assert.match(newsOf(planned), /`1\.8\.0` came to checkout\/integration without a promotion; .* by `maria`/);
    assert.deepEqual(opens(planned), ["checkout/staging"]);
  });

  test("is not told where the guard is off", () => {
    assert.doesNotMatch(newsOf(plan({ level: "off" })), /without/);
  });

  test("is asked about first where the guard fails, and nothing is remembered before", () => {
    const planned = plan({ level: "fail" });
    assert.deepEqual(planned.needs, [{ kind: "origin", head: "base0", path: PATH }]);
    assert.equal(newsOf(planned), "");
    assert.deepEqual(opens(planned), []);
  });

  test("goes no further where it came without a pull request", () => {
    const planned = plan({ level: "fail", origin: PUSHED });
    assert.match(newsOf(planned), /`leo` pushed `c0ffee0` without a pull request/);
    assert.deepEqual(opens(planned), []);
    assert.match(
      waits(planned),
      /integration got it by a commit of `leo` without a pull request, which proves nothing/,
    );
  });

  test("goes on where it came with any merged pull request", () => {
    const planned = plan({ level: "fail", origin: known({ commit: "c0ffee0", by: "leo", pullRequest: 12 }) });
    assert.match(newsOf(planned), /without a promotion, with pull request 12/);
    assert.deepEqual(opens(planned), ["checkout/staging"]);
  });

  test("is neither remembered nor goes on while GitHub does not say", () => {
    const planned = plan({ level: "fail", origin: unknown("GitHub answered 502") });
    assert.equal(newsOf(planned), "");
    assert.deepEqual(opens(planned), []);
  });

  test("is nobody's where it was there when Stagecoach began to look", () => {
    const planned = plan({ level: "fail", start: { ledger: known({ kind: "absent" }) } });
    assert.deepEqual(planned.needs, []);
    assert.doesNotMatch(newsOf(planned), /without/);
  });

  test("is not asked about where a promotion brought it", () => {
    const merged = {
      number: 7,
      key: "checkout/integration",
      release: release("1.8.0"),
      outcome: "merged",
      base: "main",
      by: "maria",
      byUs: false,
      openedAt: minutes(-20),
      endedAt: minutes(-10),
      head: "h",
      approvals: [],
    } as const;
    const planned = plan({ level: "fail", start: { past: [merged] } });
    assert.deepEqual(planned.needs, []);
    assert.deepEqual(opens(planned), ["checkout/staging"]);
  });

  test("is not blamed again once it is remembered", () => {
    const start = {
      ledger: ledger({
        integration: { reached: [{ ...reached("1.8.0"), pushedBy: "leo" }, reached("1.7.0")] },
        staging: { reached: [reached("1.7.0")] },
        live: { reached: [reached("1.7.0")] },
      }),
    };
    const planned = plan({ level: "fail", start });
    assert.deepEqual(planned.needs, []);
    assert.equal(newsOf(planned), "");
    assert.deepEqual(opens(planned), []);
  });
});
