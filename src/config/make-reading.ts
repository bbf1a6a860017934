// The state of reading one pipeline, or the top of a file: where faults go, what placeholders stand for, and how much
// work is left. Remembers the first error, because that is what stops the pipeline.

import type { Finding } from "../domain/finding.ts";
import type { Gathering } from "./gather-findings.ts";
import { MOST_READINGS } from "./parse-limits.ts";
import type { Fault, Reading, Rules } from "./shape.ts";

export interface OwnReading extends Reading {
  readonly firstError: () => Finding | undefined;
  readonly pipeline: string | undefined;
}

/** Shared by everything that is read in one go. */
export interface Effort {
  readonly gathering: Gathering;
  readonly rules: Rules;
  spent: number;
}

export interface ReadingOptions {
  readonly effort: Effort;
  readonly pipeline?: string;
  readonly placeholders?: ReadonlyMap<string, string>;
}

export function makeReading({ effort, pipeline, placeholders = new Map() }: ReadingOptions): OwnReading {
  let first: Finding | undefined;
  const occurrences = new Map<string, number>();
  return {
    pipeline,
    rules: effort.rules,
    firstError: () => first,
    report({ at, message, hint, severity = "error" }: Fault) {
      const { file, start, end } = at.node;
      const place = `${file.path} ${start} ${at.path}`;
      const occurrence = occurrences.get(place) ?? 0;
      occurrences.set(place, occurrence + 1);
      const finding = effort.gathering.add({
        ...{ file, start, end, path: at.path, message, severity, occurrence },
        ...(hint !== undefined && { hint }),
        ...(pipeline !== undefined && { pipeline }),
      });
      if (severity === "error") first ??= finding;
    },
    substitute: (text, writing) => fillIn(text, { placeholders, writing }),
    spend() {
      effort.spent += 1;
      return effort.spent <= MOST_READINGS;
    },
  };
}

interface Filling {
  readonly placeholders: ReadonlyMap<string, string>;
  readonly writing: "nothing" | "expression";
}

function fillIn(text: string, { placeholders, writing }: Filling): string {
  if (placeholders.size === 0 || !text.includes("{")) return text;
  return text.replace(/\{([a-z][a-z0-9-]*)\}/g, (whole, key: string) => {
    const value = placeholders.get(key);
    if (value === undefined) return whole;
    return writing === "expression" ? value.replace(/[.+*?()|[\]{}^$\\]/g, "\\$&") : value;
  });
}
