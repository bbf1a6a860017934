// A pipeline between writing and use: read, placeholders filled in, defaults laid under each environment; not yet
// checked as a whole. The rules look at drafts, and sound drafts become pipelines.

import type { WrittenDefaults, WrittenEnvironment } from "./environment-table.ts";
import type { OwnReading } from "./make-reading.ts";
import type { WrittenPipeline } from "./pipeline-table.ts";
import type { WrittenFile } from "./read-files.ts";
import type { Written } from "./shape.ts";
import { type At, locate } from "./source.ts";

export interface Draft {
  /** As written, or the way to it in the file when it has no name that can be read. */
  readonly name: string;
  readonly at: At;
  readonly written: WrittenPipeline;
  readonly environments: readonly DraftEnvironment[];
  /** Names of the pipeline's images; `undefined` when one of them could not be read. */
  readonly images: readonly string[] | undefined;
  readonly reading: OwnReading;
  /** The file that it stands in; what stops the file stops it. */
  readonly file: WrittenFile;
  /** Stands for a `for-each` that finds no folder: it has findings, and never becomes a pipeline. */
  readonly isSample: boolean;
}

export interface DraftEnvironment {
  readonly name: string;
  readonly at: At;
  readonly written: WrittenEnvironment;
  /** `after` and `same-as` together, each once. */
  readonly predecessors: readonly Written<string>[];
}

export interface DraftOptions {
  readonly name: string;
  readonly at: At;
  readonly written: WrittenPipeline;
  readonly defaults: WrittenDefaults | undefined;
  readonly reading: OwnReading;
  readonly file: WrittenFile;
  readonly isSample: boolean;
}

export function draftPipeline({ written, defaults, ...rest }: DraftOptions): Draft {
  const environments = (written.environments?.value ?? []).map((environment): DraftEnvironment => {
    const whole = defaults === undefined ? environment.value : withDefaults(environment.value, defaults);
    return {
      name: whole.name?.value ?? environment.at.path,
      at: environment.at,
      written: whole,
      predecessors: predecessorsOf(whole),
    };
  });
  const images = (written.images?.value ?? []).map(({ value }) => (value.image ?? value.git)?.value);
  const known = images.filter((image) => image !== undefined);
  const complete = known.length > 0 && known.length === images.length;
  return { ...rest, written, environments, images: complete ? known : undefined };
}

function withDefaults(environment: WrittenEnvironment, defaults: WrittenDefaults): WrittenEnvironment {
  const said = Object.entries(environment).filter(([, value]) => value !== undefined);
  return { ...defaults, name: environment.name, ...Object.fromEntries(said) };
}

function predecessorsOf(environment: WrittenEnvironment): readonly Written<string>[] {
  const sameAs = environment["same-as"];
  const after = environment.after?.value ?? [];
  const all = sameAs === undefined ? after : [...after, sameAs];
  return all.filter((each, index) => all.findIndex((other) => other.value === each.value) === index);
}

/** `line 12`, with the file where it is another one. */
export function describePlace(at: At, from: At): string {
  const { line } = locate(at.node.file, at.node.start);
  return at.node.file === from.node.file ? `line ${line}` : `${at.node.file.path}, line ${line}`;
}
