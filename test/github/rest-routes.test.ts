// Holds that the stand-in answers every operation of the description that is kept, and nothing that is not in it.

import assert from "node:assert/strict";
import { it } from "node:test";
import { describedOperations } from "./description/described-operations.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { listRoutes } from "./rest/all-routes.ts";

it("has a route for each described operation, and a description of each route", () => {
  const routes = listRoutes(createRateLimits()).map(({ method, route }) => `${method} ${route}`);
  const described = Object.entries(describedOperations).flatMap(([route, methods]) =>
    methods.map((method) => `${method.toUpperCase()} ${route}`),
  );
  assert.deepEqual(routes.toSorted(), described.toSorted());
});
