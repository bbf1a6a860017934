// Every route of the REST API that the stand-in answers.

import { openRoute, type Route } from "../http/call.ts";
import { bucketOf, type RateLimits } from "../http/rate-limits.ts";
import { ok } from "../http/reply.ts";
import { appRoutes, teamRoutes } from "./routes/app-routes.ts";
import { attestationRoutes } from "./routes/attestation-routes.ts";
import { checkRoutes } from "./routes/check-routes.ts";
import { commentRoutes } from "./routes/comment-routes.ts";
import { commitRoutes } from "./routes/commit-routes.ts";
import { deploymentRoutes } from "./routes/deployment-routes.ts";
import { gitRoutes } from "./routes/git-routes.ts";
import { issueRoutes } from "./routes/issue-routes.ts";
import { pullRoutes } from "./routes/pull-routes.ts";
import { repositoryRoutes } from "./routes/repository-routes.ts";
import { reviewRoutes } from "./routes/review-routes.ts";

export function listRoutes(limits: RateLimits): readonly Route[] {
  return [
    ...appRoutes,
    ...teamRoutes,
    ...repositoryRoutes,
    ...gitRoutes,
    ...commitRoutes,
    ...pullRoutes,
    ...reviewRoutes,
    ...issueRoutes,
    ...commentRoutes,
    ...checkRoutes,
    ...deploymentRoutes,
    ...attestationRoutes,
    rateLimitRoute(limits),
  ];
}

function rateLimitRoute(limits: RateLimits): Route {
  return openRoute("GET /rate_limit", ({ model, actor }) => {
    const show = (resource: "core" | "graphql") => {
      const { limit, used, resetAt } = bucketOf(limits, { model, actor, resource });
      return { limit, used, remaining: limit - used, reset: Math.ceil(resetAt / 1000) };
    };
    const search = { limit: 30, used: 0, remaining: 30, reset: Math.ceil(model.now().getTime() / 1000) + 60 };
    return ok({ resources: { core: show("core"), search, graphql: show("graphql") }, rate: show("core") });
  });
}
