// Messages say how long something took, to the nanosecond: `Health check passed in 14.996328ms`. It is another one at every
// run, so a text that keeps it is never the same twice.

const MEASURED = /\s(?:in|after) (?:\d+h)?(?:\d+m)?\d+\.\d+(?:s|ms|µs|us|ns)\b/g;

/** A deadline (`after 30s`) is no such time, and stays. */
export function withoutMeasuredTimes(message: string): string {
  return message.replace(MEASURED, "");
}
