// Work that is waited for no longer than so. What comes later is dropped, and so is a failure that comes later.

export interface Patience<T> {
  /** Milliseconds. */
  readonly within: number;
  /** What stands for the answer then. */
  readonly late: () => T;
}

export function hurry<T, U>(work: () => Promise<T>, { within, late }: Patience<U>): Promise<T | U> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late()), within);
    Promise.resolve()
      .then(work)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
