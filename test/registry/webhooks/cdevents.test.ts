import { describe, test } from "node:test";
import { receive } from "./receive.ts";
import { bytesOf, check, DIGEST, NEW, OLD, type Row } from "./receiver-row.ts";

const settings = { id: "cd", kind: "cdevents", registry: "ghcr.io", secrets: [OLD, NEW] } as const;
const image = "ghcr.io/acme/checkout";
const VERSION = DIGEST.replace(":", "%3A");
const purl = (rest: string) => `pkg:oci/checkout@${VERSION}?${rest}`;
const PURL = purl(`repository_url=${image}&tag=1.8.0`);
const event = (id: unknown, { type = "published.0.2.0", context = {} } = {}) => ({
  context: {
    ...{
      version: "0.4.1",
      id: "271069a8-fc18-44f1-b38f-9d70a1695819",
      source: "/ci/acme",
      type: `dev.cdevents.artifact.${type}`,
    },
    ...{ timestamp: "2026-03-02T09:59:00Z", ...context },
  },
  subject: { id, source: "/ci/acme", type: "artifact", content: {} },
});
const pushed = { image, tag: "1.8.0", digest: DIGEST };
const ignores = (pattern: RegExp) => ({ events: [], ignored: [pattern] });

describe("cdevents", () => {
  const rows: readonly Row[] = [
    {
      name: "an artifact was published",
      body: event(PURL),
      expect: { events: [pushed], delivery: "271069a8-fc18-44f1-b38f-9d70a1695819" },
    },
    { name: "an artifact was packaged", body: event(PURL, { type: "packaged.0.2.0" }), expect: { events: [pushed] } },
    { name: "the second secret of a rotation", body: event(PURL), secret: NEW, expect: { events: [pushed] } },
    {
      name: "a tag without a digest",
      body: event(`pkg:oci/checkout?repository_url=${image}&tag=1.8.0`),
      expect: { events: [{ image, tag: "1.8.0" }] },
    },
    {
      name: "a multi-arch push is one artifact with the digest of the index",
      body: event(purl(`repository_url=${image}&tag=2.0.0&arch=amd64`)),
      expect: { events: [{ ...pushed, tag: "2.0.0" }] },
    },
    {
      name: "an address as repository_url",
      body: event(purl(`repository_url=https://${image}&tag=1.8.0`)),
      expect: { events: [pushed] },
    },
    { name: "a digest only", body: event(purl(`repository_url=${image}`)), expect: ignores(/It has no tag/) },
    {
      name: "a delete",
      body: event(PURL, { type: "deleted.0.1.0" }),
      expect: ignores(/Only an artifact that was packaged or published/),
    },
    { name: "a signed artifact", body: event(PURL, { type: "signed.0.2.0" }), expect: ignores(/Only an artifact/) },
    {
      name: "a package of Go",
      body: event("pkg:golang/mygit.com/myorg/myapp@234fd47e07d1"),
      expect: ignores(/another kind than `pkg:oci`/),
    },
    { name: "no repository_url", body: event(purl("tag=1.8.0")), expect: ignores(/has no `repository_url`/) },
    {
      name: "a repository_url of another image",
      body: event(purl("repository_url=ghcr.io/acme/other&tag=1.8.0")),
      expect: ignores(/does not end in the image's name/),
    },
    {
      name: "T5: another registry",
      body: event(purl("repository_url=evil.example/acme/checkout&tag=1.8.0")),
      expect: ignores(/does not speak for/),
    },
    { name: "no package URL", body: event("checkout:1.8.0"), expect: ignores(/is no package URL/) },
    { name: "a package URL that is a list", body: event([PURL]), expect: ignores(/is no package URL/) },
    {
      name: "a package URL without end",
      body: event(`${PURL}&x=${"y".repeat(2_000)}`),
      expect: ignores(/is no package URL/),
    },
    {
      name: "T14: a tag that is none",
      body: event(purl(`repository_url=${image}&tag=${encodeURIComponent("1](http://x)")}`)),
      expect: ignores(/What it calls a tag is none/),
    },
    {
      name: "`__proto__` says nothing",
      body: event("pkg:oci/__proto__?__proto__=a&tag=1"),
      expect: ignores(/has no `repository_url`/),
    },
    { name: "a wrong secret", body: event(PURL), secret: "guessed", expect: { kind: "unauthenticated" } },
    { name: "no secret", body: event(PURL), secret: null, expect: { kind: "unauthenticated" } },
    { name: "a foreign shape", body: { push_data: {} }, expect: { kind: "malformed", why: /is no CDEvent/ } },
    {
      name: "a CDEvent without an id",
      body: event(PURL, { context: { id: 7 } }),
      expect: { kind: "malformed", why: /is no CDEvent/ },
    },
    { name: "nothing at all", body: "", expect: { kind: "malformed", why: /is empty/ } },
    {
      name: "inside a CloudEvent",
      body: {
        specversion: "1.0",
        id: "a",
        source: "/ci",
        type: "dev.cdevents.artifact.published.0.2.0",
        data: event(PURL),
      },
      expect: { events: [pushed] },
    },
    {
      name: "a CloudEvent about something else",
      body: { specversion: "1.0", id: "a", source: "/ci", type: "x", data: { hello: 1 } },
      expect: { kind: "malformed", why: /is no CDEvent/ },
    },
  ];
  for (const row of rows) {
    test(row.name, async () => {
      const { secret = OLD } = row;
      const headers = secret === null ? {} : { authorization: `Bearer ${secret}` };
      check(await receive({ body: bytesOf(row.body), headers, settings }), row);
    });
  }

  test("binary, as CDEvents' own binding has it", async () => {
    const headers = {
      ...{ authorization: `Bearer ${OLD}`, "ce-specversion": "1.0", "ce-id": "a", "ce-source": "/ci" },
      "ce-type": "dev.cdevents.artifact.published.0.2.0",
    };
    check(await receive({ body: bytesOf(event(PURL)), headers, settings }), {
      name: "",
      body: {},
      expect: { events: [pushed] },
    });
  });
});
