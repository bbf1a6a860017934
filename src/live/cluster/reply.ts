// An answer of a Kubernetes API server, read to its end; what it means is decided elsewhere.

export interface Reply {
  readonly kind: "reply";
  readonly status: number;
  readonly body: Buffer;
}
