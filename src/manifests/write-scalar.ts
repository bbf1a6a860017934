// A value -> the bytes that stand for it in the file. Keeps the quotes that are there, and adds double quotes where a
// plain value would be read as something else than this string by any reader of YAML 1.1 or 1.2 (or where JSON wants them).

import { isScalar, parseDocument } from "yaml";
import type { ScalarText } from "./found-place.ts";

/** `text` is a tag, a digest or a reference: it has no quotes, backslashes, spaces or control characters. */
export function writeScalar(text: string, { style, json }: { style: ScalarText["style"]; json: boolean }): string {
  switch (style) {
    case "single":
      return `'${text}'`;
    case "double":
      return `"${text}"`;
    case "plain":
      return json || !isPlainString(text) ? `"${text}"` : text;
  }
}

// `?`, `=`, `&` and `%` are those of an address, which was plain with them before.
const PLAIN = /^[A-Za-z0-9_][A-Za-z0-9._:/@+?=&%-]*[A-Za-z0-9_./-]$|^[A-Za-z0-9_]$/;
// Go's and older readers take more for numbers than the two schemas say: `1_0.5`, `0o17`, `1e5`, `1.`.
const NUMBER_LIKE = /^[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)?$|^0[xXoObB][0-9a-fA-F_]+$/;

function isPlainString(text: string): boolean {
  if (!PLAIN.test(text) || NUMBER_LIKE.test(text)) return false;
  return (["1.1", "1.2"] as const).every((version) => {
    const { contents, errors } = parseDocument(text, { version, logLevel: "silent" });
    return errors.length === 0 && isScalar(contents) && contents.value === text;
  });
}
