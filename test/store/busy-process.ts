// A process to be killed: opens the store that its argument describes, stores hints without end, and runs passes that
// hold their repository for ever. Says on standard output what was acknowledged and which pass began.

import { pino } from "pino";
import { openStore, type StoreOptions } from "../../src/store/open-store.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as Omit<StoreOptions, "log">;
const store = await openStore({ ...options, log: pino({ level: "silent" }) });
process.stdout.write("open\n");

await store.work.start(async (repository) => {
  process.stdout.write(`pass ${repository}\n`);
  await new Promise(() => undefined);
});
for (let number = 1; ; number += 1) {
  const repository = (number % 8) + 1;
  await store.hints.add({
    delivery: `delivery-${number}`,
    hints: [{ repository, subject: { kind: "pull-request", number } }],
  });
  process.stdout.write(`stored ${repository} ${number}\n`);
}
