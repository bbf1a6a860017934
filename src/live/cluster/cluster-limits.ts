// What a cluster may cost at most: how long, how large, how many. A server that is slow for ever, or that answers more
// than anybody can hold, ends in unknown with its reason.

export interface ClusterLimits {
  /** Milliseconds for one request, signing in and body included. */
  readonly request: number;
  /** Bytes of one answer, as they arrive. */
  readonly body: number;
  /** Objects of one page. */
  readonly page: number;
  /** Objects of one list, all pages together. */
  readonly objects: number;
  /** Bytes of one list, all pages together. */
  readonly listBytes: number;
  /** Milliseconds for one list, all pages together: who waits for it has given up long before. */
  readonly listTime: number;
  readonly watch: WatchLimits;
}

/** Milliseconds, and bytes of one event. */
export interface WatchLimits {
  /** How long the server is asked to keep a watch open. */
  readonly open: number;
  /** Nothing heard for so long behind that: the connection is given up. */
  readonly silent: number;
  readonly shortestPause: number;
  readonly longestPause: number;
  /** Where the kind is not there, or may not be watched. */
  readonly refusedPause: number;
  readonly event: number;
}

const MIB = 1024 * 1024;

export const CLUSTER_LIMITS: ClusterLimits = {
  request: 10_000,
  body: 64 * MIB,
  page: 500,
  objects: 50_000,
  listBytes: 256_000_000,
  listTime: 30_000,
  watch: {
    open: 240_000,
    silent: 30_000,
    shortestPause: 1_000,
    longestPause: 60_000,
    refusedPause: 300_000,
    event: 8 * MIB,
  },
};
