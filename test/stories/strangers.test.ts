// What the routes make of messages that are not what they should be, on the running program: nobody unknown is heard,
// nothing is done twice, and what means nothing here gets a reason.

import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { CONFIG, type Story } from "./begin-story.ts";
import { ONLY_LIVE, runs } from "./sample-files.ts";
import { HOOK_SECRET } from "./story-world.ts";
import { tell } from "./tell.ts";

const LIVE_ONLY = { pipeline: ONLY_LIVE, files: runs("1.7.0", ["live"]) };

interface Delivery {
  readonly event?: string;
  readonly body: string;
  readonly id?: string;
  readonly secret?: string;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

async function fromGithub(story: Story, delivery: Delivery): Promise<Answer> {
  const { event = "push", body, id = randomUUID(), secret = story.github.webhookSecret } = delivery;
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const headers = { "x-github-event": event, "x-github-delivery": id, "x-hub-signature-256": signature };
  return read(await fetch(`${story.app().url}/api/github/webhooks`, { method: "POST", body, headers }));
}

async function fromRegistry(story: Story, body: string, secret = HOOK_SECRET): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}` };
  return read(await fetch(`${story.app().url}/hooks/registry/lab`, { method: "POST", body, headers }));
}

async function storedHints(story: Story): Promise<number> {
  const [known] = await story.store().repositories.list();
  return (await story.store().hints.of(known?.repository ?? 0)).length;
}

function pushOf(story: Story): string {
  const [repository] = [...story.github.model.repositories.values()];
  return JSON.stringify({ ref: "refs/heads/main", repository: { id: repository?.id } });
}

function pushedImage(story: Story, name: string): string {
  const target = {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${"b".repeat(64)}`,
    repository: name,
    tag: "1.8.0",
  };
  const event = { id: randomUUID(), action: "push", target, request: { host: story.registry.host } };
  return JSON.stringify({ events: [event] });
}

tell(
  "T2: a wrong signature gets 401, and nothing is stored",
  async (story) => {
    await story.settle();
    const answer = await fromGithub(story, { body: pushOf(story), secret: "not the secret that we share" });
    assert.equal(answer.status, 401);
    assert.equal((await fromRegistry(story, pushedImage(story, "acme/checkout"), "a guess")).status, 401);
    assert.equal(await storedHints(story), 0);
  },
  LIVE_ONLY,
);

tell(
  "T3: a delivery that is replayed is acknowledged and does nothing",
  async (story) => {
    await story.settle();
    const delivery = { body: pushOf(story), id: randomUUID() };
    assert.deepEqual((await fromGithub(story, delivery)).body.hints, 1);
    assert.equal(await storedHints(story), 1);
    const again = await fromGithub(story, delivery);
    assert.deepEqual([again.status, again.body.hints], [202, 0]);
    assert.match(String(again.body.duplicate), /already here/);
    assert.equal(await storedHints(story), 1);
  },
  LIVE_ONLY,
);

tell(
  "what is no JSON object gets 400 and the reason",
  async (story) => {
    await story.settle();
    for (const body of ["[]", "null", "7", '"text"', "{", ""]) {
      const answer = await fromGithub(story, { body });
      assert.equal(answer.status, 400, body);
      assert.match(JSON.stringify(answer.body), /not a JSON object/);
      assert.equal((await fromRegistry(story, body)).status, 400, body);
    }
    assert.equal(await storedHints(story), 0);
  },
  LIVE_ONLY,
);

tell(
  "an event that means nothing here gets 200 and the reason",
  async (story) => {
    await story.settle();
    const star = await fromGithub(story, { event: "star", body: "{}" });
    assert.equal(star.status, 200);
    assert.match(String(star.body.ignored), /does nothing about events of this kind/);
    const shapeless = await fromGithub(story, { body: '{"ref":"refs/heads/main"}' });
    assert.equal(shapeless.status, 200);
    const untracked = await fromRegistry(story, pushedImage(story, "acme/somebody-elses"));
    assert.equal(untracked.status, 200);
    assert.match(JSON.stringify(untracked.body), /No pipeline tracks this image/);
    assert.equal(await storedHints(story), 0);
  },
  LIVE_ONLY,
);

tell(
  "an event about a repository that nobody knows is stored, and no pass fails of it",
  async (story) => {
    await story.settle();
    story.github.forgetRequests();
    const body = JSON.stringify({ ref: "refs/heads/main", repository: { id: 999_999_999 } });
    assert.ok([200, 202].includes((await fromGithub(story, { body })).status));
    await story.settle();
    assert.deepEqual(story.github.requests(), []);
  },
  LIVE_ONLY,
);

tell(
  "T5: what a registry says is asked of the registry: a push that never was moves nothing",
  async (story) => {
    await story.settle();
    const answer = await fromRegistry(story, pushedImage(story, "acme/checkout"));
    assert.equal(answer.status, 202);
    await story.settle();
    assert.deepEqual(story.open(), []);
  },
  LIVE_ONLY,
);

tell(
  "an image of the same name in another registry is another image",
  async (story) => {
    await story.settle();
    await story.registry.notifyTo(undefined);
    story.github.publishPackage({
      repository: CONFIG,
      name: "checkout",
      tag: "1.8.0",
      digest: `sha256:${"c".repeat(64)}`,
    });
    await story.settle();
    assert.deepEqual(story.open(), [], "ghcr.io/acme/checkout is another image");
  },
  LIVE_ONLY,
);
