// One live source of the operator's settings: how it is asked, whether it may be asked to sync, and whose reports it
// pushes. What its keys mean depends on its kind, which the tables cannot say.

import type { LiveAccess, LiveSettings, ReportsSettings, ReportToken } from "../domain/settings.ts";
import { checkKeys } from "./check-keys.ts";
import { readCredential, readSecrets, type SecretReading } from "./read-secrets.ts";
import { startOf, type Written } from "./shape.ts";
import type { WrittenReports, WrittenSource, WrittenToken } from "./source-table.ts";

const TEN_MINUTES = 10 * 60_000;

/** Which keys a kind of source needs, and which mean nothing to it. */
const ACCESS_KEYS = {
  argocd: { needed: ["url", "token-env"], foreign: ["kubeconfig-env", "context"] },
  kubernetes: { needed: ["kubeconfig-env"], foreign: ["url", "token-env"] },
  reports: { needed: ["reports"], foreign: ["url", "token-env", "kubeconfig-env", "context", "may-ask-to-sync"] },
} as const;

/** Who usually pushes for a kind of source. */
const USUAL_SENDER = { argocd: "argocd", kubernetes: "flux", reports: "reporter" } as const;

export function sourceOf(source: Written<WrittenSource>, options: SecretReading): LiveSettings {
  const { value } = source;
  checkAccessKeys(source, options);
  const reports = value.reports && reportsOf(value.reports, { ...options, kind: value.kind });
  return {
    id: value.id?.value ?? "",
    for: value.for?.value.map((each) => each.value) ?? [],
    access: accessOf(value, options),
    mayAskToSync: value["may-ask-to-sync"]?.value ?? false,
    ...(reports !== undefined && { reports }),
  };
}

function checkAccessKeys({ value, at }: Written<WrittenSource>, { reading }: SecretReading): void {
  if (value.kind === undefined) return;
  const { needed, foreign } = ACCESS_KEYS[value.kind.value];
  const present = new Set(at.node.kind === "map" ? at.node.entries.map(({ key }) => key) : []);
  for (const key of needed) {
    if (present.has(key)) continue;
    reading.report({ at: startOf(at), message: `A live source of the kind \`${value.kind.value}\` needs \`${key}\`.` });
  }
  for (const key of foreign) {
    const misplaced = value[key];
    if (misplaced === undefined) continue;
    const message = `\`${key}\` means nothing to a live source of the kind \`${value.kind.value}\`.`;
    reading.report({ at: misplaced.at, message });
  }
}

function accessOf(value: WrittenSource, options: SecretReading): LiveAccess {
  const { url, "token-env": token, "kubeconfig-env": kubeconfig, context } = value;
  if (value.kind?.value === "argocd" && url !== undefined && token !== undefined) {
    return { kind: "argocd", url: url.value, token: readCredential(token, options) };
  }
  if (value.kind?.value === "kubernetes" && kubeconfig !== undefined) {
    const named = context === undefined ? {} : { context: context.value };
    return { kind: "kubernetes", kubeconfig: readCredential(kubeconfig, options), ...named };
  }
  return { kind: "reports" };
}

interface ReportsReading extends SecretReading {
  readonly kind: WrittenSource["kind"];
}

function reportsOf({ value, at }: Written<WrittenReports>, options: ReportsReading): ReportsSettings {
  const { kind, reading } = options;
  const usual = kind === undefined ? "reporter" : USUAL_SENDER[kind.value];
  const from = value.from?.value ?? usual;
  if (kind?.value === "reports" && from !== "reporter" && value.from !== undefined) {
    const message = "Of a live source of the kind `reports` nothing is known but what a reporter tells.";
    reading.report({ at: value.from.at, message, hint: "Write `from: reporter`, or leave it out." });
  }
  if (from !== "reporter" && value.token !== undefined) {
    const hint = from === usual ? "Add `from: reporter`, or name a secret with `secret-env`." : undefined;
    reading.report({ at: value.token.at, message: `Only a reporter sends tokens, not \`${from}\`.`, hint });
  }
  if (value["secret-env"] === undefined && value.token === undefined && isComplete(at)) {
    const message = "Reports need `secret-env` or `token`: without either anybody could send them.";
    reading.report({ at: startOf(at), message });
  }
  return {
    from,
    secrets: readSecrets(value["secret-env"], options),
    ...(value.token !== undefined && { token: tokenOf(value.token, options) }),
    maxAge: value["max-age"]?.value ?? TEN_MINUTES,
  };
}

/** A key that is there and could not be read was told already. */
function isComplete({ node }: Written<WrittenReports>["at"]): boolean {
  return node.kind === "map" && !node.entries.some(({ key }) => key === "secret-env" || key === "token");
}

function tokenOf({ value }: Written<WrittenToken>, options: SecretReading): ReportToken {
  const named = value["keys-env"];
  const keys = named === undefined ? "" : readCredential(named, options);
  if (named !== undefined && keys !== "") checkKeys(keys, { named, reading: options.reading });
  return {
    issuer: value.issuer?.value ?? "",
    audience: value.audience?.value ?? "",
    subject: value.subject?.value ?? "",
    keys,
  };
}
