// Takes what looks like a credential out of text that people or logs will see. A net beneath the rule that secrets
// never enter such text, not a replacement of it: registries and clusters put tokens into their error messages.

const SECRETS: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bgh[pousr]_[A-Za-z0-9_.-]{16,}/g, instead: "[redacted]" },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{16,}/g, instead: "[redacted]" },
  {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    instead: "[redacted]",
  },
  { pattern: /\b(Bearer|Basic|Token) +[A-Za-z0-9+/_.~=-]{12,}/gi, instead: "$1 [redacted]" },
  { pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g, instead: "[redacted]" },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, instead: "[redacted]" },
  { pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{16,}/g, instead: "[redacted]" },
  { pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:]{0,200}:[^\s/@]{1,400}@/gi, instead: "$1[redacted]@" },
  {
    pattern:
      /\b(authorization|password|passwd|secret|token|api[_-]?key|private[_-]?key)(["']?\s?[=:]\s?["']?)[^\s"'&,;]{8,}/gi,
    instead: "$1$2[redacted]",
  },
];

export function redactSecrets(text: string): string {
  let redacted = text;
  for (const { pattern, instead } of SECRETS) redacted = redacted.replace(pattern, instead);
  return redacted;
}
