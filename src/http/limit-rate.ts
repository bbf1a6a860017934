// Token buckets in memory: so many requests at once and so many a minute, for each address and for all together. The
// number of addresses that are remembered is bounded; who was forgotten starts with a full bucket.

export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

export interface RateLimit {
  /** Seconds to wait; 0 lets it in and counts it. */
  take(address: string): number;
  /** Takes so many more for what was let in: work that turned out to be large. The next one waits until all are back. */
  charge(address: string, tokens: number): void;
}

export interface RateLimitOptions {
  readonly each: Rate;
  readonly total: Rate;
  readonly addresses?: number;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

export function createRateLimit({ each, total, addresses = 10_000, now }: RateLimitOptions): RateLimit {
  const all: Bucket = { tokens: total.burst, at: now() };
  const buckets = new Map<string, Bucket>();
  return {
    take(address) {
      const key = networkOf(address);
      const bucket = buckets.get(key) ?? { tokens: each.burst, at: now() };
      // Taken out and put in again, so that the first of the map is the one that was silent for longest.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > addresses) {
        const [oldest = key] = buckets.keys();
        buckets.delete(oldest);
      }
      refill(bucket, each, now());
      refill(all, total, now());
      const wait = Math.max(secondsUntilToken(bucket, each), secondsUntilToken(all, total));
      if (wait === 0) {
        bucket.tokens -= 1;
        all.tokens -= 1;
      }
      return wait;
    },
    charge(address, tokens) {
      const bucket = buckets.get(networkOf(address));
      if (bucket) bucket.tokens -= tokens;
      all.tokens -= tokens;
    },
  };
}

function refill(bucket: Bucket, { burst, perMinute }: Rate, now: number): void {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 60_000) * perMinute);
  bucket.at = now;
}

function secondsUntilToken({ tokens }: Bucket, { perMinute }: Rate): number {
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perMinute) * 60);
}

/** One customer has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, "");
  return plain.includes(":") ? expandStart(plain) : plain;
}

function expandStart(address: string): string {
  const [start = "", end] = address.split("::");
  const groups = start.split(":").filter((group) => group !== "");
  const zeros =
    end === undefined ? 0 : Math.max(0, 8 - groups.length - end.split(":").filter((part) => part !== "").length);
  return [...groups, ...Array.from({ length: zeros }, () => "0")].slice(0, 4).join(":");
}
