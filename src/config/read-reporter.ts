// The reporter's file, read and checked: text and environment variables to what a reporter is told, or findings. Never
// throws, reads no files.

import type { Finding } from "../domain/finding.ts";
import type { ReportedTarget, ReporterProof, ReporterSettings } from "../domain/reporter.ts";
import { gatherFindings } from "./gather-findings.ts";
import { makeReading } from "./make-reading.ts";
import { parseSource } from "./parse-source.ts";
import { readSecrets, type SecretReading } from "./read-secrets.ts";
import type { SettingsInput } from "./read-settings.ts";
import { reporterTable, type WrittenReporter, type WrittenTarget } from "./reporter-table.ts";
import { mapOf, type Rules, startOf, type Written } from "./shape.ts";

export type ReporterResult =
  | { readonly kind: "read"; readonly settings: ReporterSettings; readonly findings: readonly Finding[] }
  | { readonly kind: "invalid"; readonly findings: readonly Finding[] };

const NO_RULES: Rules = { range: () => undefined, pattern: () => undefined };
const TWO_MINUTES = 2 * 60_000;
/** Stagecoach forgets what it was told at any moment, and has to hear it again. */
const LONGEST = 5 * 60_000;
const SHORTEST = 10_000;
const KINDS = ["flux", "config-sync", "kubernetes", "argocd"] as const;

export function readReporter({ file, variables }: Omit<SettingsInput, "rules">): ReporterResult {
  const gathering = gatherFindings({ discreet: true });
  const root = parseSource({ file, gathering });
  const reading = makeReading({ effort: { gathering, rules: NO_RULES, spent: 0 } });
  const written = root && mapOf(reporterTable).read({ node: root, path: "" }, reading);
  const settings = written && normalise(written, { variables, reading });
  const findings = gathering.findings();
  if (settings === undefined || findings.some(({ severity }) => severity === "error")) {
    return { kind: "invalid", findings };
  }
  return { kind: "read", settings, findings };
}

function normalise(written: WrittenReporter, options: SecretReading): ReporterSettings {
  const { every } = written;
  if (every !== undefined && (every.value > LONGEST || every.value < SHORTEST)) {
    options.reading.report({ at: every.at, message: "A reporter reports every `10s` to every `5m`." });
  }
  const targets = (written.targets?.value ?? []).flatMap((each) => targetOf(each, options));
  checkNames(written, { targets, options });
  return {
    cluster: written.cluster?.value ?? "",
    url: written.url?.value ?? "",
    proof: proofOf(written, options),
    every: every?.value ?? TWO_MINUTES,
    targets,
  };
}

function proofOf(
  { "secret-env": secret, "token-file": token }: WrittenReporter,
  options: SecretReading,
): ReporterProof {
  if (token !== undefined) return { kind: "token-file", path: token.value };
  const [read = ""] = readSecrets(secret && { value: [secret], at: secret.at }, options);
  return { kind: "secret", secret: read };
}

function targetOf({ value, at }: Written<WrittenTarget>, { reading }: SecretReading): readonly ReportedTarget[] {
  const kind = KINDS.find((each) => value[each] !== undefined);
  const target = kind && value[kind]?.value;
  if (kind === undefined || target === undefined) return [];
  if (kind === "kubernetes" && value.images === undefined && value.objects === undefined) {
    const message = "A namespace has all kinds of workloads; say with `images` or `objects` which of them count.";
    reading.report({ at: startOf(at), message });
  }
  return [
    {
      ...{ name: value.name?.value ?? `${kind}:${target}`, kind, target },
      images: value.images?.value.map((image) => image.value) ?? [],
      objects: (value.objects?.value ?? []).map(({ value: object }) => ({
        kind: object.kind?.value ?? "",
        ...(object.namespace !== undefined && { namespace: object.namespace.value }),
        name: object.name?.value ?? "",
      })),
    },
  ];
}

function checkNames(
  written: WrittenReporter,
  { targets, options }: { readonly targets: readonly ReportedTarget[]; readonly options: SecretReading },
): void {
  const seen = new Set<string>();
  for (const { name } of targets) {
    const at = written.targets?.at;
    if (seen.has(name) && at) {
      options.reading.report({
        at: startOf(at),
        message: `Two targets are reported as \`${name}\`.`,
        hint: "Give each a `name`.",
      });
    }
    seen.add(name);
  }
}
