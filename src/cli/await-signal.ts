// Waits for the wish to stop: SIGTERM from whoever runs the program, SIGINT from the keyboard. A second one ends the
// process at once, whatever it is doing.

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/** Answers once, with the signal that came; from the call on the process no longer ends by itself on one. */
export function awaitSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stopping) process.exit(1);
      stopping = true;
      resolve(signal);
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
  });
}
