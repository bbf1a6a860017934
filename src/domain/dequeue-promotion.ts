// What a pass decided about a promotion that waits in the merge queue.

import type { Decided } from "./decided.ts";
import type { EnvironmentKey } from "./pipeline.ts";

/** Takes it out of the merge queue: a gate has closed since it was put in. */
export interface DequeuePromotion extends Decided {
  readonly kind: "dequeue";
  readonly key: EnvironmentKey;
  readonly number: number;
  readonly head: string;
}
