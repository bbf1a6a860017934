// Users, bots, organisations, teams and apps. A bot's login has no "[bot]" here, other than in REST.

import type { App, Team, User } from "../../model/identity.ts";
import type { Context, FieldTable } from "../context.ts";

const account = {
  id: ({ nodeId }: User) => nodeId,
  databaseId: ({ id }: User) => id,
  login: ({ login }: User) => login,
  createdAt: ({ createdAt }: User) => createdAt,
  avatarUrl: ({ id }: User) => `https://avatars.githubusercontent.com/u/${id}?v=4`,
  url: ({ login }: User, _: unknown, { model }: Context) => `${model.url}/${encodeURIComponent(login)}`,
  resourcePath: ({ login }: User) => `/${encodeURIComponent(login)}`,
};

export const accountFields = {
  User: { ...account, name: () => null },
  Organization: { ...account, name: ({ login }: User) => login },
  Bot: {
    ...account,
    login: ({ login }: User) => nameOfBot(login),
    url: ({ login }: User, _: unknown, { model }: Context) => `${model.url}/apps/${nameOfBot(login)}`,
    resourcePath: ({ login }: User) => `/apps/${nameOfBot(login)}`,
  },
  Team: {
    id: ({ nodeId }: Team) => nodeId,
    databaseId: ({ id }: Team) => id,
    name: ({ name }: Team) => name,
    slug: ({ slug }: Team) => slug,
    organization: ({ organization }: Team) => organization,
    combinedSlug: ({ organization, slug }: Team) => `${organization.login}/${slug}`,
  },
  App: {
    id: ({ nodeId }: App) => nodeId,
    databaseId: ({ id }: App) => id,
    name: ({ name }: App) => name,
    slug: ({ slug }: App) => slug,
    createdAt: ({ createdAt }: App) => createdAt,
    url: ({ slug }: App, _: unknown, { model }: Context) => `${model.url}/apps/${slug}`,
  },
} satisfies Readonly<Record<string, FieldTable>>;

function nameOfBot(login: string): string {
  return login.replace(/\[bot\]$/, "");
}
