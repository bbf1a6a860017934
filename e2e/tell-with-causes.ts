// An error and what caused it, in one text.

export function tellWithCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n  because: ${tellWithCauses(error.cause)}`;
}
