// What was asked of the stand-in, for tests that count requests.

export type RequestKind =
  | "read"
  | "write"
  | "content-creating"
  | "graphql-query"
  | "graphql-mutation"
  | "token"
  | "git"
  | "other";

export interface LoggedRequest {
  readonly method: string;
  /** GitHub's own path with its names in braces; the plain path where no route matched */
  readonly route: string;
  readonly path: string;
  readonly kind: RequestKind;
  /** 0 when no answer was sent */
  readonly status: number;
  /** login of who asked, empty for nobody */
  readonly by: string;
  readonly at: string;
  /** of a GraphQL request: the operation's name, when it has one */
  readonly operation?: string;
}
