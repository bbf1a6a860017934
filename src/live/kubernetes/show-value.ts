// What of a live value may be shown: its JSON, cut short. Values of Secrets, of environment variables and whatever looks
// like a secret stay hidden, not even hashed, and so does everything that has such a thing inside.

import type { DriftValue } from "../../domain/drift.ts";
import { cutText, isFields } from "./read-fields.ts";

const LONGEST_VALUE = 200;

const SECRET_NAME =
  /pass(?:word|wd|phrase)?|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|bearer|\bauth|cookie|session|kubeconfig|dsn|connection[-_]?string|[-_](?:key|salt)(?![a-z])|(?:signing|encryption|ssh|hmac|jwt|licen[cs]e|master|shared|account|storage)[-_]?key/i;
/** Whole texts in which something is hidden among other things. */
const SECRET_TEXT =
  /-----BEGIN|:\/\/[^/\s:@]+:[^/\s@]+@|\beyJ[\w-]{10,}\.|\b(?:gh[pousr]|github_pat|glpat|xox[abp])[-_]\w{10,}|\b[sr]k_(?:live|test)_\w{10,}|\bAIza[\w-]{30,}|\bAKIA[0-9A-Z]{12,}|:[^\s/@]{1,200}@(?:tcp|unix)\(|\bBasic [A-Za-z0-9+/]{8,}|hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/|[A-Za-z0-9+/]{60,}={0,2}/;
const DIGEST = /\bsha256:[0-9a-f]{64}\b/g;
const ENVIRONMENT_VALUE = /\/env\/\d+(?:\/value)?$/;
const KUBECTL_NOTE = /last-applied-configuration/;

export function showValue({
  kind,
  path,
  value,
}: {
  readonly kind: string;
  readonly path: string;
  readonly value: unknown;
}): DriftValue {
  if (kind === "Secret" || ENVIRONMENT_VALUE.test(path) || isSecretPath(path) || holdsSecret(value, 0)) {
    return { kind: "hidden" };
  }
  const text = JSON.stringify(value);
  return text === undefined ? { kind: "hidden" } : { kind: "shown", text: cutText(text, LONGEST_VALUE) };
}

/** References to secrets (`secretName`, `secretKeyRef`) name them and hold nothing; in doubt they are hidden, too. */
function isSecretPath(path: string): boolean {
  return (
    path.split("/").some((part) => SECRET_NAME.test(part) || KUBECTL_NOTE.test(part)) ||
    /\/binaryData(?:\/|$)/.test(path)
  );
}

function holdsSecret(value: unknown, depth: number): boolean {
  if (typeof value === "string") {
    const text = value.replace(DIGEST, "");
    return SECRET_TEXT.test(text) || SECRET_NAME.test(text);
  }
  if (typeof value !== "object" || value === null) return false;
  if (depth > 32) return true;
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, depth + 1));
  if (!isFields(value)) return true;
  return Object.entries(value).some(
    ([key, inside]) => SECRET_NAME.test(key) || key === "env" || key === "binaryData" || holdsSecret(inside, depth + 1),
  );
}
