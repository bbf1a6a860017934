// What of a differing field may be shown. Plain values of environment variables are, unless name or value look like a
// secret: the rules for that are those of every live value.

import type { DriftValue } from "../../domain/drift.ts";
import { isFields } from "../kubernetes/read-fields.ts";
import { showValue } from "../kubernetes/show-value.ts";

export interface ShownField {
  readonly kind: string;
  /** JSON pointer. */
  readonly path: string;
  readonly value: unknown;
  /** Objects in which the variable's name can be looked up, the live one first. */
  readonly within: readonly unknown[];
}

export function showField({ kind, path, value, within }: ShownField): DriftValue | undefined {
  if (value === undefined) return undefined;
  const variable = /^(.*\/env)\/\d+(\/value)?$/.exec(path);
  if (!variable) return showValue({ kind, path, value });
  const [, list = "", plain] = variable;
  const item = path.slice(0, path.length - (plain ?? "").length);
  const name =
    nameIn(value) ?? within.map((object) => nameIn(follow(object, item))).find((found) => found !== undefined);
  // Without a name nobody can tell what it holds; what is taken from elsewhere is not plain.
  if (name === undefined || (isFields(value) && "valueFrom" in value)) return { kind: "hidden" };
  return showValue({ kind, path: `${list}/${name}${plain ?? ""}`, value });
}

function nameIn(item: unknown): string | undefined {
  const name = isFields(item) ? item.name : undefined;
  return typeof name === "string" ? name.replaceAll("/", "~1") : undefined;
}

/** The value at a JSON pointer. */
export function follow(object: unknown, pointer: string): unknown {
  let at = object;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isFields(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return at;
}
