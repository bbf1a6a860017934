// What Git declares, made ready for being compared with what runs: without what the server keeps, without the marks of
// reconcilers, and nothing at all where the text in Git is not what is applied (encrypted values).

import { type Fields, isFields } from "../kubernetes/read-fields.ts";

/** Labels and annotations that reconcilers write themselves; a file that carries them was copied from a cluster. */
const RECONCILERS =
  /^(?:(?:configsync|configmanagement)\.gke\.io\/|kustomize\.toolkit\.fluxcd\.io\/(?:name|namespace)$|helm\.toolkit\.fluxcd\.io\/(?:name|namespace)$|argocd\.argoproj\.io\/tracking-id$|app\.kubernetes\.io\/(?:instance|managed-by)$|applyset\.kubernetes\.io\/|config\.k8s\.io\/owning-inventory$|kubectl\.kubernetes\.io\/last-applied-configuration$)/;

/** `declared` is hostile. `undefined`: it does not say what is applied. */
export function readDeclaredDocument(declared: unknown): Fields | undefined {
  if (!isFields(declared) || isFields(declared.sops)) return undefined;
  const { status: _, metadata, ...rest } = declared;
  const given = isFields(metadata) ? metadata : {};
  const kept = Object.fromEntries(
    ["name", "namespace", "labels", "annotations"].flatMap((key) => {
      const value = key === "labels" || key === "annotations" ? withoutMarks(given[key]) : given[key];
      return value === undefined || value === null ? [] : [[key, value]];
    }),
  );
  const document = { ...rest, metadata: kept };
  return rest.kind === "Secret" ? withData(document) : document;
}

function withoutMarks(value: unknown): unknown {
  if (!isFields(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !RECONCILERS.test(key)));
}

/** A server turns `stringData` into `data`. */
function withData({ stringData, ...secret }: Fields): Fields {
  if (!isFields(stringData)) return secret;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value), "utf8").toString("base64"),
  ]);
  return { ...secret, data: { ...(isFields(secret.data) ? secret.data : {}), ...Object.fromEntries(encoded) } };
}
