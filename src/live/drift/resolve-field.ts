// A field as a server names it in a conflict (`.spec.template.spec.containers[name="web"].image`) as a JSON pointer into the
// object. Keys with dots in them are written there without quotes, so they are found by looking at the object.

import { escapePointer } from "../kubernetes/field-paths.ts";
import { isFields } from "../kubernetes/read-fields.ts";

/** `undefined`: the object has no such field. */
export function resolveField(field: string, object: unknown): string | undefined {
  let [rest, at, pointer] = [field.startsWith(".") ? field : `.${field}`, object, ""];
  while (rest !== "") {
    const step = rest.startsWith("[") ? stepIntoList(rest, at) : stepIntoMap(rest, at);
    if (step === undefined) return undefined;
    pointer += `/${step.key}`;
    at = step.value;
    rest = rest.slice(step.length);
  }
  return pointer;
}

interface Step {
  readonly key: string | number;
  readonly value: unknown;
  /** How much of the text it takes. */
  readonly length: number;
}

function stepIntoMap(rest: string, at: unknown): Step | undefined {
  if (!isFields(at)) return undefined;
  const fitting = Object.keys(at).filter(
    (key) => rest.startsWith(`.${key}`) && /^(?:$|[.[])/.test(rest.slice(key.length + 1)),
  );
  const key = fitting.sort((a, b) => b.length - a.length)[0];
  return key === undefined ? undefined : { key: escapePointer(key), value: at[key], length: key.length + 1 };
}

function stepIntoList(rest: string, at: unknown): Step | undefined {
  const end = endOfBracket(rest);
  if (!Array.isArray(at) || end === undefined) return undefined;
  const inside = rest.slice(1, end);
  const index = /^\d{1,9}$/.test(inside) ? Number(inside) : at.findIndex((item) => fits(item, inside));
  return index < 0 || index >= at.length ? undefined : { key: index, value: at[index], length: end + 1 };
}

/** A bracket inside of quotes is text. */
function endOfBracket(text: string): number | undefined {
  let quoted = false;
  for (let index = 1; index < text.length; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === '"') quoted = !quoted;
    else if (text[index] === "]" && !quoted) return index;
  }
  return undefined;
}

/** `name="web"`, `containerPort=80,protocol="TCP"`, or of a list of values `="x"`. */
function fits(item: unknown, inside: string): boolean {
  if (inside.startsWith("=")) return JSON.stringify(item) === inside.slice(1);
  const pairs = [...inside.matchAll(/([\w.-]+)=("(?:[^"\\]|\\.)*"|[^,"]+)(?:,|$)/g)];
  if (pairs.length === 0 || !isFields(item)) return false;
  // A key that has its default may be missing from the item.
  const present = pairs.filter(([, key = ""]) => Object.hasOwn(item, key));
  return present.length > 0 && present.every(([, key = "", value]) => JSON.stringify(item[key]) === value);
}
