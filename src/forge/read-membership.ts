// Reads whether a person is in a team of an organisation. An invitation that was not accepted does not count, and a team
// that GitHub does not show has no members.

import { known, type Seen, unknown } from "../domain/seen.ts";
import { type Github, tryRead, whyNot } from "./call-github.ts";
import type { RepositoryReference } from "./forge.ts";
import { isLogin } from "./read-person.ts";

export interface MembershipRequest {
  readonly at: RepositoryReference;
  /** `acme/sre`. */
  readonly team: string;
  readonly login: string;
}

const TEAM = /^([A-Za-z0-9][A-Za-z0-9_-]{0,99})\/([A-Za-z0-9_][A-Za-z0-9._-]{0,99})$/;

export async function readMembership(github: Github, { at, team, login }: MembershipRequest): Promise<Seen<boolean>> {
  const [, org, slug] = TEAM.exec(team) ?? [];
  if (org === undefined || slug === undefined)
    return unknown(`\`${team.replaceAll("`", "'").slice(0, 100)}\` names no team; write \`organization/team\``);
  if (!isLogin(login)) return known(false);
  const answer = await tryRead(github, {
    at,
    doing: `read whether ${login} is in ${team}`,
    ask: ({ octokit }) =>
      octokit.rest.teams.getMembershipForUserInOrg({ org, team_slug: slug.toLowerCase(), username: login }),
  });
  if (answer.kind === "ok") return known(answer.value.data.state === "active");
  if (answer.kind === "unsure") return unknown(whyNot(answer));
  if (answer.status === 404) return known(false);
  if (answer.status !== 403) return unknown(whyNot(answer));
  return unknown(
    `GitHub does not let Stagecoach read the team \`${team}\`: the installation has not granted \`members: read\`; an owner accepts it in the settings of the installed GitHub Apps`,
  );
}
