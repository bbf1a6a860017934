// The gates that people write under `propose-when` and `merge-when`, and those that an operator sets as a floor.

import { listOf, shortOrFull, text, wholeNumber } from "./basic-shapes.ts";
import { name, team } from "./name-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";
import { signedShape } from "./signed-gate-table.ts";
import { dayRange, duration, timeOfDay, weekdays, zone } from "./time-shapes.ts";

const approvalsTable = table({
  name: "approvals gate",
  says: "How many people have to approve the pull request.",
  keys: {
    count: {
      shape: wholeNumber({ least: 1, most: 20 }),
      says: "How many approvals.",
      default: "1",
      example: "2",
    },
    teams: {
      shape: listOf(team(), { orOne: true }),
      says: "Only approvals by members of one of these teams count. Without it those of everybody with write access do.",
      example: "[acme/sre]",
    },
  },
});

const windowTable = table({
  name: "window gate",
  says: "When it may be merged. A window always binds at the merge, also where it stands under `propose-when`.",
  keys: {
    days: {
      shape: listOf(weekdays(), { orOne: true, least: 1 }),
      says: "Days of the week, as a range or a list.",
      default: "mon-sun",
      example: "mon-thu",
    },
    from: { shape: timeOfDay(), says: "When it opens.", default: '"00:00"', example: '"09:00"' },
    to: { shape: timeOfDay(), says: "When it closes, on the same day.", default: '"24:00"', example: '"16:00"' },
    zone: { shape: zone(), says: "The zone of these times.", default: "UTC", example: "Europe/London" },
    except: {
      shape: listOf(dayRange(), { orOne: true }),
      says: "Days in that zone on which it stays closed, such as holidays: a day, or a range with both its ends.",
      example: '["2026-12-24..2026-12-26", "2027-01-01"]',
    },
  },
});

const checkName = text({
  expected: "the name of a check, such as `e2e@github-actions`",
  check: (written) =>
    /^[^@]+(?:@[a-z0-9][a-z0-9-]*)?$/.test(written)
      ? undefined
      : { message: `Expected \`name\` or \`name@app\`, found \`${written.slice(0, 120)}\`.` },
});

const gateTable = table({
  name: "gate",
  says: "One condition; each item of the list has exactly one of these keys.",
  keys: {
    soak: {
      shape: duration(),
      says: "The version was healthy for so long, without a break, in every environment before.",
      example: "30m",
    },
    approvals: {
      shape: shortOrFull(wholeNumber({ least: 1, most: 20 }), mapOf(approvalsTable)),
      says: "People approved the pull request. `approvals: 2` is short for `approvals: { count: 2 }`.",
      example: "{ count: 2, teams: [acme/sre] }",
    },
    checks: {
      shape: listOf(checkName, { orOne: true, least: 1 }),
      says: "These checks succeeded on the pull request; after `@` the app that must have made it.",
      example: '["e2e@github-actions"]',
    },
    window: {
      shape: mapOf(windowTable),
      says: "The time is right.",
      example: '{ days: mon-thu, from: "09:00", to: "16:00", zone: Europe/London }',
    },
    http: {
      shape: name("the id of an endpoint in the operator's settings"),
      says: "An endpoint of the operator says that it may pass. Named by its id; a repository never names an address.",
      example: "error-budget",
    },
    signed: {
      shape: signedShape,
      says: "Every image is signed, by this identity or with this key; see [signatures.md](signatures.md).",
      example:
        '{ issuer: https://token.actions.githubusercontent.com, subject: "https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main" }',
    },
  },
  choice: { of: ["soak", "approvals", "checks", "window", "http", "signed"], least: 1 },
  misplaced: {
    healthy: "This gate is always there: for every environment in `after` that names a `live`.",
    merged: "This gate is always there: for every environment in `after` that names no `live`.",
  },
});

export const gatesShape = listOf(mapOf(gateTable), { orOne: true });

export type WrittenGate = ReadKeys<(typeof gateTable)["keys"]>;
