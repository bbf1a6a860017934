// Times as people read them: UTC always, to the minute, the day as Git and ISO write it.

/** `2026-03-02 10:41 UTC`; takes epoch milliseconds. */
export function formatTime(at: number): string {
  return `${formatDay(at)} ${formatClock(at)} UTC`;
}

/** `2026-03-02` */
export function formatDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** `10:41` */
export function formatClock(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
