// What the running stand-in holds besides the model: routes, budgets, faults and the log of requests.

import type { Model } from "../model/model.ts";
import type { ActiveFault } from "./faults.ts";
import type { RouteTable } from "./match-route.ts";
import type { PastStates } from "./past-states.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { LoggedRequest } from "./request-log.ts";

export interface Api {
  readonly model: Model;
  readonly routes: RouteTable;
  readonly limits: RateLimits;
  faults: ActiveFault[];
  readonly past: PastStates;
  readonly requests: LoggedRequest[];
  /** where a request or an answer differed from GitHub's description: mistakes of the client, or of the stand-in */
  readonly deviations: string[];
}
