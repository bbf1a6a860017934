// Answers of the API: their shape, and GitHub's usual errors in its own words.

export interface Reply {
  readonly status: number;
  /** undefined = no body */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One entry of `errors` in a 422. */
export type ValidationError = Readonly<Record<string, unknown>>;

const documentation = "https://docs.github.com/rest";

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 200, body, headers };
}

export function created(body: unknown): Reply {
  return { status: 201, body };
}

export function noContent(): Reply {
  return { status: 204, body: undefined };
}

export function fail(status: number, message: string): Reply {
  return { status, body: { message, documentation_url: documentation, status: String(status) } };
}

export function notFound(): Reply {
  return fail(404, "Not Found");
}

export function invalid(errors: readonly ValidationError[], message = "Validation Failed"): Reply {
  return { status: 422, body: { message, errors, documentation_url: documentation, status: "422" } };
}

/** GitHub's answer to an installation that lacks a permission, and to a person that lacks a role. */
export function forbidden(asInstallation: boolean): Reply {
  return fail(
    403,
    asInstallation ? "Resource not accessible by integration" : "Must have write access to this resource.",
  );
}

/** 65,536 characters is the most that GitHub takes for a body. */
export function findTooLongBody(resource: string, body: string | null | undefined): Reply | undefined {
  if (body === undefined || body === null || body.length <= 65_536) return undefined;
  return invalid([
    { resource, code: "custom", field: "body", message: "body is too long (maximum is 65536 characters)" },
  ]);
}
