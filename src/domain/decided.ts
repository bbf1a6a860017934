// What every action carries.

export interface Decided {
  /** A whole sentence without a full stop: why this is done. */
  readonly reason: string;
}
