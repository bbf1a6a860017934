// What a signed text says: about which digests, and whether it is a signature or a provenance at all. A scan for
// vulnerabilities is signed, too, and may say that the image is bad. Only verified bytes come here. Pure.

/** Statements by which a signer vouches for an image: where it was built, or that it was signed. */
const VOUCHING = /^https:\/\/(?:slsa\.dev\/provenance\/v[0-9.]{1,5}|sigstore\.dev\/cosign\/sign\/v[0-9.]{1,5})$/;
const STATEMENTS: readonly unknown[] = ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"];
export const STATEMENT_TYPE = "application/vnd.in-toto+json";
const SIMPLE_SIGNING = "cosign container image signature";

/** `undefined`: it vouches for the digest. Otherwise a clause that says why it does not. */
export function whyNotAboutStatement(payload: Uint8Array, digest: string): string | undefined {
  const statement = parse(payload);
  if (!isRecord(statement) || !STATEMENTS.includes(statement._type)) return "it holds no statement";
  const { predicateType, subject } = statement;
  if (typeof predicateType !== "string" || !VOUCHING.test(predicateType))
    return "it is neither a signature nor a provenance";
  const [algorithm = "", hex] = digest.split(":");
  const about = Array.isArray(subject) ? subject : [];
  const isAbout = about.some(
    (each) =>
      isRecord(each) &&
      isRecord(each.digest) &&
      Object.hasOwn(each.digest, algorithm) &&
      each.digest[algorithm] === hex,
  );
  return isAbout ? undefined : "it is about another digest";
}

export function whyNotAboutPayload(payload: Uint8Array, digest: string): string | undefined {
  const signed = parse(payload);
  const critical = isRecord(signed) ? signed.critical : undefined;
  if (!isRecord(critical) || critical.type !== SIMPLE_SIGNING) return "it holds no signature of an image";
  const { image } = critical;
  return isRecord(image) && image["docker-manifest-digest"] === digest ? undefined : "it is about another digest";
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Said by whoever asks for a statement.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
