// The app about itself: installations, tokens, deliveries of its webhook; and what everybody may ask of GitHub.

import { appRoute, type Call, installationRoute, openRoute, type Route } from "../../http/call.ts";
import { paginate } from "../../http/paginate.ts";
import { readNumbers, readPart, readTexts } from "../../http/read-body.ts";
import { created, fail, invalid, noContent, notFound, ok, type Reply } from "../../http/reply.ts";
import { isInstalledOn } from "../../model/decide-permission.ts";
import type { HookDelivery } from "../../model/delivery.ts";
import type { Access, Installation, InstallationToken, Permissions } from "../../model/identity.ts";
import { findTeam, findUser, mintToken } from "../../model/manage-accounts.ts";
import type { Repository } from "../../model/repository.ts";
import { showApp, showFullTeam, showInstallation, showPublicUser, showTeam, showUser } from "../views/show-account.ts";
import { showRepository } from "../views/show-repository.ts";

const accessOrder: readonly Access[] = ["read", "write", "admin"];

export const appRoutes: readonly Route[] = [
  appRoute("GET /app", (call) => ok(showApp(call.model, appOf(call)))),
  appRoute("GET /app/installations", (call) =>
    paginate(call, {
      items: installationsOf(call),
      show: (installation) => showInstallation(call.model, installation),
    }),
  ),
  appRoute("GET /app/installations/{installation_id}", (call) => {
    const installation = findInstallation(call);
    return installation === undefined ? notFound() : ok(showInstallation(call.model, installation));
  }),
  appRoute("POST /app/installations/{installation_id}/access_tokens", createToken),
  appRoute("GET /repos/{owner}/{repo}/installation", (call) => {
    const repository = [...call.model.repositories.values()].find((one) => isNamed(one, call.parameters));
    const found = installationsOf(call).find((one) => repository !== undefined && isInstalledOn(one, repository));
    return found === undefined ? notFound() : ok(showInstallation(call.model, found));
  }),
  appRoute("GET /app/hook/config", ({ model }) =>
    ok({
      content_type: "json",
      insecure_ssl: "0",
      secret: "********",
      url: model.settings.webhook.url ?? `${model.url}/no-webhook`,
    }),
  ),
  appRoute("GET /app/hook/deliveries", listDeliveries),
  appRoute("GET /app/hook/deliveries/{delivery_id}", (call) => {
    const delivery = findDelivery(call);
    if (delivery === undefined) return notFound();
    const { headers, payload } = delivery.request;
    return ok({
      ...showDelivery(delivery),
      url: delivery.url,
      request: { headers, payload },
      response: delivery.response,
    });
  }),
  appRoute("POST /app/hook/deliveries/{delivery_id}/attempts", (call) => {
    const delivery = findDelivery(call);
    if (delivery === undefined) return notFound();
    call.model.redeliver(delivery);
    return { status: 202, body: {} };
  }),
  installationRoute("GET /installation/repositories", (call) =>
    paginate(call, {
      items: reachableRepositories(call),
      show: (repository) => showRepository(call.model, repository),
      wrap: (repositories, total_count) => ({ total_count, repositories }),
    }),
  ),
  installationRoute("DELETE /installation/token", ({ model, actor }) => {
    if (actor.kind === "installation") model.tokens.delete(actor.token.token);
    return noContent();
  }),
  openRoute("GET /users/{username}", ({ model, parameters }) => {
    const user = findUser(model, parameters.username ?? "");
    return user === undefined ? notFound() : ok(showPublicUser(model, user));
  }),
  openRoute("GET /meta", () => ok({ verifiable_password_authentication: false })),
];

export const teamRoutes: readonly Route[] = [
  openRoute("GET /orgs/{org}/teams", (call) =>
    withMembers(call, () => {
      const teams = [...call.model.teams.values()].filter(
        ({ organization }) => organization.login.toLowerCase() === call.parameters.org?.toLowerCase(),
      );
      return paginate(call, { items: teams, show: (team) => showTeam(call.model, team) });
    }),
  ),
  openRoute("GET /orgs/{org}/teams/{team_slug}", (call) =>
    withTeam(call, (team) => ok(showFullTeam(call.model, team))),
  ),
  openRoute("GET /orgs/{org}/teams/{team_slug}/members", (call) =>
    withTeam(call, (team) =>
      paginate(call, {
        items: [...team.members.keys()]
          .map((login) => findUser(call.model, login))
          .filter((user) => user !== undefined),
        show: (user) => showUser(call.model, user),
      }),
    ),
  ),
  openRoute("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", (call) =>
    withTeam(call, (team) => {
      const login = call.parameters.username?.toLowerCase() ?? "";
      const state = team.members.has(login) ? "active" : team.invited.has(login) ? "pending" : undefined;
      if (state === undefined) return notFound();
      const role = team.members.get(login) ?? "member";
      const url = `${call.model.url}/organizations/${team.organization.id}/team/${team.id}/memberships/${call.parameters.username}`;
      return ok({ url, role, state });
    }),
  ),
];

function withTeam(call: Call, answer: (team: NonNullable<ReturnType<typeof findTeam>>) => Reply): Reply {
  return withMembers(call, () => {
    const { org = "", team_slug = "" } = call.parameters;
    const team = findTeam(call.model, { organization: org, slug: team_slug });
    return team === undefined ? notFound() : answer(team);
  });
}

/** Teams are the organisation's: an app needs its permission `members`, a person has to be known. */
function withMembers({ actor, parameters }: Call, answer: () => Reply): Reply {
  if (actor.kind === "user") return answer();
  if (actor.kind !== "installation") return notFound();
  const { installation, token } = actor;
  if (installation.account.login.toLowerCase() !== parameters.org?.toLowerCase()) return notFound();
  return token.permissions.members === undefined ? fail(403, "Resource not accessible by integration") : answer();
}

function createToken(call: Call): Reply {
  const { model, body } = call;
  const installation = findInstallation(call);
  if (installation === undefined) return notFound();
  if (installation.suspendedAt !== undefined) return fail(403, "This installation has been suspended");
  const permissions = narrowPermissions(installation, readPart(body, "permissions"));
  if (permissions === undefined) return invalid([], "The permissions requested are not granted to this installation.");
  const repositories = narrowRepositories(call, installation);
  if (repositories === undefined)
    return invalid(
      [],
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  const token = mintToken(model, { installation, permissions, repositories });
  const chosen =
    repositories === "installation" ? undefined : [...repositories].map((id) => model.repositories.get(id));
  return created({
    token: token.token,
    expires_at: token.expiresAt,
    permissions,
    repository_selection: chosen === undefined && installation.repositories === "all" ? "all" : "selected",
    ...(chosen && { repositories: chosen.filter((one) => one !== undefined).map((one) => showRepository(model, one)) }),
  });
}

/** undefined when more is asked than the installation has */
function narrowPermissions(
  { permissions }: Installation,
  wanted: Readonly<Record<string, unknown>> | undefined,
): Permissions | undefined {
  if (wanted === undefined) return permissions;
  const granted = Object.entries(wanted).filter(([name, access]) => {
    const present = name === "metadata" ? "read" : permissions[name];
    return present !== undefined && accessOrder.indexOf(present) >= accessOrder.indexOf(access as Access);
  });
  return granted.length < Object.keys(wanted).length ? undefined : (Object.fromEntries(granted) as Permissions);
}

function narrowRepositories(
  { model, body }: Call,
  installation: Installation,
): InstallationToken["repositories"] | undefined {
  const ids = readNumbers(body, "repository_ids");
  const names = readTexts(body, "repositories");
  if (ids === undefined && names === undefined) return "installation";
  const byName = (names ?? []).map((name) =>
    [...model.repositories.values()].find(
      (one) => one.owner === installation.account && one.name.toLowerCase() === name.toLowerCase(),
    ),
  );
  const chosen = [...(ids ?? []).map((id) => model.repositories.get(id)), ...byName];
  if (chosen.some((one) => one === undefined || !isInstalledOn(installation, one))) return undefined;
  return new Set(chosen.map((one) => one?.id ?? 0));
}

function reachableRepositories({ model, actor }: Call): readonly Repository[] {
  if (actor.kind !== "installation") return [];
  const { installation, token } = actor;
  return [...model.repositories.values()].filter(
    (one) =>
      isInstalledOn(installation, one) && (token.repositories === "installation" || token.repositories.has(one.id)),
  );
}

/** Newest first, with a cursor in the Link header, as GitHub pages them. */
function listDeliveries(call: Call): Reply {
  const { model, query, requestUrl } = call;
  const cursor = query.get("cursor");
  const perPage = Math.min(Number(query.get("per_page") ?? 30), 100);
  const newestFirst = model.deliveries
    .toReversed()
    .filter(({ id }) => cursor === null || id < BigInt(cursor.replace(/\D/g, "")));
  const shown = newestFirst.slice(0, perPage);
  const last = shown.at(-1);
  if (last === undefined || newestFirst.length <= perPage) return ok(shown.map(showDelivery));
  const next = new URL(requestUrl);
  next.searchParams.set("cursor", String(last.id));
  return ok(shown.map(showDelivery), { link: `<${next}>; rel="next"` });
}

function showDelivery(delivery: HookDelivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

function findDelivery({ model, parameters }: Call): HookDelivery | undefined {
  return model.deliveries.find(({ id }) => String(id) === parameters.delivery_id);
}

function appOf({ model, actor }: Call) {
  const [first] = model.apps.values();
  const app = actor.kind === "app" ? actor.app : first;
  if (app === undefined) throw new Error("The stand-in has no app.");
  return app;
}

function installationsOf(call: Call): readonly Installation[] {
  return [...call.model.installations.values()].filter(({ app }) => app === appOf(call));
}

function findInstallation(call: Call): Installation | undefined {
  return installationsOf(call).find(({ id }) => String(id) === call.parameters.installation_id);
}

function isNamed(repository: Repository, { owner, repo }: Readonly<Record<string, string>>): boolean {
  return `${repository.owner.login}/${repository.name}`.toLowerCase() === `${owner}/${repo}`.toLowerCase();
}
