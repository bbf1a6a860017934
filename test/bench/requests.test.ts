// What a pass may cost, whatever the number of places and services. `npm run bench` shows the same for a larger fleet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openFleet } from "./open-fleet.ts";

const SIZES = [
  { services: 20, places: 1 },
  { services: 200, places: 10 },
];

for (const { services, places } of SIZES) {
  test(`${services} services of ${places} place(s): 7 requests to open, 1 to see that nothing changed, 2 to the registry, and 1 for each image in a sweep`, async () => {
    const fleet = await openFleet({ services, places, store: "memory" });
    try {
      const first = await fleet.settle();
      assert.ok(first.length < 10, `${first.length} passes until quiet`);
      const unchanged = await fleet.pass();
      assert.deepEqual([unchanged.github, unchanged.registry], [1, 0]);
      fleet.elapse(11 * 60_000);
      const sweep = await fleet.settle();
      const asked = sweep.reduce((sum, { registry }) => sum + registry, 0);
      assert.equal(asked, services, "a sweep asks one question for each image that has not changed");
      await fleet.push(7, "1.1.0");
      const opening = await fleet.pass();
      assert.deepEqual(opening.actions, { open: 1 });
      assert.ok(opening.github <= 7, `${opening.github} requests to GitHub`);
      assert.equal(opening.contentCreating, 1);
      assert.ok(opening.registry <= 2, `${opening.registry} requests to the registry`);
      const afterwards = await fleet.pass();
      assert.deepEqual([afterwards.github, afterwards.actions], [1, {}]);
    } finally {
      await fleet.close();
    }
  });
}
