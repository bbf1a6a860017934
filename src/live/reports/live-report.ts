// `live-report/v1`: what a reporter saw in a cluster that Stagecoach cannot reach. Published as a JSON Schema; what a
// report says is the observation of its source, as long as it is young enough.

import type { DriftSuspect, DriftValue } from "../../domain/drift.ts";
import type { LiveState } from "../../domain/live-state.ts";
import { showValue } from "../kubernetes/show-value.ts";
import { faulty, fits, type JsonShape, listOf, objectOf, prose, textLike, time, word } from "./json-shape.ts";
import { liveState } from "./live-state-shape.ts";
import { type ReportMaker, reportId, reportMaker, sourceId } from "./object-shapes.ts";

export const LIVE_REPORT = "live-report/v1";

export interface LiveReport {
  readonly schema: typeof LIVE_REPORT;
  readonly reportId: string;
  /** The id of the live source in the settings of Stagecoach. */
  readonly cluster: string;
  readonly reporter: ReportMaker;
  /** Epoch milliseconds; RFC 3339 on the wire. */
  readonly observedAt: number;
  readonly states: readonly NamedState[];
}

/** One target: what runs there, or why that could not be read. */
export type NamedState =
  | { readonly name: string; readonly state: LiveState }
  | { readonly name: string; readonly error: string };

const targetName = textLike(/^[A-Za-z0-9][\w./:-]*$/, {
  most: 253,
  says: "the name under which `live` of a pipeline file asks for it",
});

interface WrittenState {
  readonly name: string;
  readonly state?: LiveState;
  readonly error?: string;
}

const written = objectOf<WrittenState>({ name: targetName }, { state: liveState, error: prose() });

const namedState: JsonShape<NamedState> = {
  schema: { ...written.schema, oneOf: [{ required: ["state"] }, { required: ["error"] }] },
  read(value, at) {
    const read = written.read(value, at);
    if (read.kind === "faulty") return read;
    const { name, state, error } = read.value;
    if (state?.health.basis === "none" && state.health.state !== "unknown") {
      return faulty(`${at}.state.health`, "is more than unknown although nobody looked");
    }
    if (state !== undefined && error === undefined) return fits({ name, state: hideSecrets(state) });
    if (state === undefined && error !== undefined) return fits({ name, error });
    return faulty(at, "needs either `state` or `error`");
  },
};

const report = objectOf<LiveReport>(
  {
    ...{ schema: word(LIVE_REPORT), reportId, cluster: sourceId, reporter: reportMaker, observedAt: time },
    states: listOf(namedState),
  },
  {},
  "What runs in a cluster, as its reporter saw it.",
);

export const liveReport: JsonShape<LiveReport> = {
  schema: report.schema,
  read(value, at) {
    const read = report.read(value, at);
    if (read.kind === "faulty") return read;
    const names = read.value.states.map(({ name }) => name);
    return new Set(names).size === names.length ? read : faulty("states", "names a target twice");
  },
};

/** A reporter hides what is secret; should it not, it is hidden here, before anything is stored (T24). */
function hideSecrets(state: LiveState): LiveState {
  return { ...state, suspects: state.suspects.map(hideInSuspect) };
}

function hideInSuspect(suspect: DriftSuspect): DriftSuspect {
  const { kind } = suspect.object;
  return {
    ...suspect,
    fields: suspect.fields.map(({ desired, live, ...field }) => ({
      ...field,
      ...(desired !== undefined && { desired: hideValue(desired, { kind, path: field.path }) }),
      ...(live !== undefined && { live: hideValue(live, { kind, path: field.path }) }),
    })),
  };
}

/** The text of a value is JSON that may have been cut, so it is looked through as a text. */
function hideValue(value: DriftValue, where: { readonly kind: string; readonly path: string }): DriftValue {
  if (value.kind === "hidden") return value;
  const shown =
    showValue({ ...where, value: value.text }).kind === "shown" && !/"(?:env|binaryData)":/.test(value.text);
  return shown ? value : { kind: "hidden" };
}
