// What of a failed request may be told: its code. A library's message may hold an address with credentials.

/** The code of the error or of its cause: `ECONNREFUSED`, `UND_ERR_SOCKET`; `undefined`: it has none that looks like one. */
export function codeOf(error: unknown): string | undefined {
  return ownCode(error) ?? ownCode(error instanceof Error ? error.cause : undefined);
}

function ownCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  // What answers in another protocol than HTTP, Node's parser does not always give a code.
  if (error instanceof Error && error.name === "HTTPParserError" && code === undefined) return "HPE_INVALID";
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
