// Asks again and again until the answer is there, or says what never came. For things that other processes do.

/** milliseconds */
export const PATIENCE = 60_000;

/** `ask` may throw while the other side is not there yet; what it threw last is the cause when time is up. */
export async function waitUntil<Answer>(
  what: string,
  {
    ask,
    meanwhile = () => {},
    patience = PATIENCE,
    pause = 100,
  }: {
    readonly ask: () => Promise<Answer | undefined | false>;
    /** throws when there is nothing to wait for any more */
    readonly meanwhile?: () => void;
    /** milliseconds */
    readonly patience?: number;
    /** milliseconds between two questions */
    readonly pause?: number;
  },
): Promise<Answer> {
  const deadline = Date.now() + patience;
  let cause: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    meanwhile();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  throw new Error(`${what}: this did not come within ${patience / 1000} s.`, { cause });
}
