// Who has an environment at the moment, and how that is said. What is still being put back is lent, too: nothing may be
// promoted on top of somebody's branch.

import type { Ledger, Sandbox } from "../domain/ledger.ts";
import type { EnvironmentKey } from "../domain/pipeline.ts";
import { code, nameTime } from "./wording.ts";

export function keyOfLoan({ pipeline, environment }: Sandbox): EnvironmentKey {
  return `${pipeline}/${environment}`;
}

export function findLoan(key: EnvironmentKey, { sandboxes }: Pick<Ledger, "sandboxes">): Sandbox | undefined {
  return sandboxes.find((each) => keyOfLoan(each) === key);
}

/** `checkout/dev` is lent to pull request 12 by maria since 2026-11-20 12:00 UTC */
export function describeLoan(sandbox: Sandbox): string {
  const { number, by, at, ended } = sandbox;
  const lent = `${code(keyOfLoan(sandbox))} is lent to pull request ${number} by ${code(by)} since ${nameTime(at)}`;
  return ended === undefined ? lent : `${lent}, and what was there before is being put back (${ended})`;
}

export function howItEnds({ number, pipeline, environment, ended }: Sandbox): string {
  if (ended !== undefined) return "it is free as soon as the field says again what it said before";
  return `it is freed when pull request ${number} closes, or by ${code(`/sandbox release ${pipeline}/${environment}`)}`;
}
