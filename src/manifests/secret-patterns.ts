// What a credential looks like by itself, wherever it stands, and what only looks like one: encrypted values, references
// into a vault, and places that somebody else fills in. A short list of what is certain: a guard that cries wolf is
// switched off.

interface Pattern {
  readonly what: string;
  readonly pattern: RegExp;
}

const TOKENS: readonly Pattern[] = [
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----/ },
  { what: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})\b/ },
  { what: "a GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{20,}/ },
  { what: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { what: "a Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,}/ },
  {
    what: "the address of a Slack webhook",
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{16,}/,
  },
  { what: "a Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}\b/ },
  { what: "a Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/ },
];

/** Vendors' manuals have such keys, and so have tests. */
const EXAMPLE = /EXAMPLE/;

/** What a text holds, with an article; `undefined` where nothing is certain. */
export function nameCredential(text: string): string | undefined {
  return TOKENS.find(({ pattern }) => {
    const [found] = pattern.exec(text) ?? [];
    return found !== undefined && !EXAMPLE.test(found);
  })?.what;
}

const SOPS_VALUE =
  /^ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*,iv:[A-Za-z0-9+/=]+,tag:[A-Za-z0-9+/=]+,type:(?:str|int|float|bool|bytes|comment)\]$/;

/** As SOPS writes it; it counts only in a document that SOPS has signed. */
export function isSopsValue(text: string): boolean {
  return SOPS_VALUE.test(text.trim());
}

const REFERENCES: readonly RegExp[] = [
  // vals, Bank-Vaults, and the plug-in of Argo CD.
  /^ref\+[a-z0-9]+:\/\/\S+$/,
  /^>?>?vault:[^\s#]+#\S+$/,
  /^<[A-Za-z0-9 _.:/#|-]{1,300}>$/,
  // Filled in before it is applied: Flux, Kustomize' vars, Helm.
  /^\$\{[^{}]{1,200}\}$/,
  /^\$\([A-Za-z0-9_.-]{1,200}\)$/,
  /^\{\{[^{}]{1,500}\}\}$/,
];

/** Nothing is there, or something that is no secret by itself. */
export function isPlaceholder(text: string): boolean {
  const value = text.trim();
  return value === "" || REFERENCES.some((pattern) => pattern.test(value));
}
