// Many changes at once are told once: a moment after the first of them, and not again before some time has passed.

export interface GatherTimes {
  /** Milliseconds between a change and its telling. */
  readonly delay: number;
  /** Milliseconds between two tellings. */
  readonly every: number;
}

export interface Timer {
  now(): number;
  /** Answers with what calls it off. */
  after(milliseconds: number, call: () => void): () => void;
}

export const GATHER_TIMES: GatherTimes = { delay: 1_000, every: 10_000 };

export const REAL_TIMER: Timer = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export function gatherChanges(
  onChange: () => void,
  { times, timer }: { readonly times: GatherTimes; readonly timer: Timer },
): { changed(): void; stop(): void } {
  let told = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  let stopped = false;
  const tell = () => {
    callOff = undefined;
    told = timer.now();
    onChange();
  };
  return {
    changed: () => {
      if (stopped || callOff !== undefined) return;
      callOff = timer.after(Math.max(times.delay, told + times.every - timer.now()), tell);
    },
    stop: () => {
      stopped = true;
      callOff?.();
    },
  };
}
