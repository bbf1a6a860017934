// Who somebody is and what they may do, asked at the moment at which it counts (T6): by numeric id, with roles that an
// organisation made itself, and closed where GitHub does not say.

import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import type { Role } from "../../src/domain/conversation.ts";
import { type ForgeOnGithub, REPOSITORY, startForge } from "./start-forge.ts";

let world: ForgeOnGithub;
const worlds: ForgeOnGithub[] = [];
beforeEach(async () => {
  world = await startForge();
  worlds.push(world);
});
after(async () => {
  for (const one of worlds) await one.close();
});

const PERMISSION = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
const MEMBERSHIP = "GET /orgs/{org}/teams/{team_slug}/memberships/{username}";

function idOf(login: string): number {
  return world.github.model.users.get(login)?.id ?? 0;
}

async function roleOf(login: string): Promise<Role> {
  const person = await world.forge.readPerson(world.at, login);
  assert.ok(person.kind === "known", JSON.stringify(person));
  return person.value.role;
}

describe("T6: a person", () => {
  for (const role of ["read", "triage", "write", "maintain", "admin"] as const) {
    it(`with the role ${role} has it, and their numeric id`, async () => {
      world.github.setRole({ repository: REPOSITORY, user: "leo", role });
      const { value, requests } = await world.count(() => world.forge.readPerson(world.at, "leo"));
      assert.deepEqual(value, { kind: "known", value: { id: idOf("leo"), role } });
      assert.deepEqual(requests, [PERMISSION]);
      assert.deepEqual(world.github.deviations(), []);
    });

    it(`with a role of the organisation's own, made from ${role}, may do what that one may`, async () => {
      world.github.setRole({ repository: REPOSITORY, user: "leo", role, named: "deployer" });
      assert.equal(await roleOf("leo"), role);
    });
  }

  it("has the role that a team gives", async () => {
    world.github.team({ organization: "acme", slug: "sre", members: ["leo"], repositories: { [REPOSITORY]: "write" } });
    assert.equal(await roleOf("leo"), "write");
  });

  it("whose role was taken away has it no more, at once", async () => {
    world.github.setRole({ repository: REPOSITORY, user: "leo", role: "admin" });
    assert.equal(await roleOf("leo"), "admin");
    world.github.removeRole({ repository: REPOSITORY, user: "leo" });
    assert.ok(["none", "read"].includes(await roleOf("leo")));
  });

  it("whom GitHub does not know is nobody and may do nothing", async () => {
    const nobody = await world.forge.readPerson(world.at, "nobody");
    assert.deepEqual(nobody, { kind: "known", value: { id: 0, role: "none" } });
  });

  for (const login of ["..", ".", "ann/../leo", "ann?x=1", "", "leo%2f..", "renovate[bot]", "é"]) {
    it(`T19: called ${JSON.stringify(login)} is nobody, without asking`, async () => {
      const { value, requests } = await world.count(() => world.forge.readPerson(world.at, login));
      assert.deepEqual([value, requests], [{ kind: "known", value: { id: 0, role: "none" } }, []]);
    });
  }

  it("is unknown when GitHub does not answer, which is not a refusal", async () => {
    world.github.break({ on: PERMISSION, fault: { kind: "error-before", status: 502 } });
    const person = await world.forge.readPerson(world.at, "leo");
    assert.match(person.kind === "unknown" ? person.why : "", /^could not read what leo may do .*502/);
  });
});

describe("T6: a membership", () => {
  const sre = { organization: "acme", slug: "sre" };
  const question = { team: "acme/sre", login: "leo" };

  it("is read with one request", async () => {
    world.github.team({ ...sre, members: ["leo"] });
    const { value, requests } = await world.count(() => world.forge.readMembership(world.at, question));
    assert.deepEqual([value, requests], [{ kind: "known", value: true }, [MEMBERSHIP]]);
    assert.deepEqual(world.github.deviations(), []);
  });

  it("ends when the person leaves, and does not begin with an invitation", async () => {
    world.github.team({ ...sre, members: ["leo"] });
    world.github.leaveTeam({ ...sre, user: "leo" });
    assert.deepEqual(await world.forge.readMembership(world.at, question), { kind: "known", value: false });
    world.github.inviteToTeam({ ...sre, user: "leo" });
    assert.deepEqual(await world.forge.readMembership(world.at, question), { kind: "known", value: false });
  });

  for (const team of ["acme/none", "elsewhere/sre"]) {
    it(`in ${team}, which GitHub does not show, is none`, async () => {
      const seen = await world.forge.readMembership(world.at, { team, login: "leo" });
      assert.deepEqual(seen, { kind: "known", value: false });
    });
  }

  for (const team of ["sre", "acme/sre/more", "acme/..", "../sre", "acme/`sre`"]) {
    it(`T19: in ${JSON.stringify(team)} is unknown without asking`, async () => {
      const asked = await world.count(() => world.forge.readMembership(world.at, { team, login: "leo" }));
      assert.deepEqual([asked.value.kind, asked.requests], ["unknown", []]);
    });
  }

  it("is unknown where nobody granted `members: read`, and says so; everything else goes on", async () => {
    const { members: _, ...without } = world.github.app.permissions;
    const poor = await startForge({ permissions: without });
    worlds.push(poor);
    poor.github.team({ ...sre, members: ["leo"] });
    const seen = await poor.forge.readMembership(poor.at, question);
    assert.match(seen.kind === "unknown" ? seen.why : "", /has not granted `members: read`; an owner accepts it/);
    assert.equal((await poor.forge.observe(poor.at, { branches: [] })).repository.name, "platform");
  });

  it("is unknown when GitHub does not answer", async () => {
    world.github.break({ on: MEMBERSHIP, fault: { kind: "error-before", status: 502 } });
    assert.equal((await world.forge.readMembership(world.at, question)).kind, "unknown");
  });
});
