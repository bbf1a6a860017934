// Names written to the distribution project's own registry: in one repository, to another one, and to another registry
// that asks for a password. The digest is the same at the end, whatever it is made of.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { RegistrySettings } from "../../src/domain/settings.ts";
import { findMissingParts, tellNotSeen } from "./find-missing-parts.ts";
import { type ImageToMake, makeImage, type StoredObject } from "./make-image.ts";
import { clientFor, STABLE } from "./set-up-copy.ts";
import { ANY, ASKER } from "./set-up-registry.ts";
import { DOCKER_USER, type DockerRegistry, startDockerRegistry } from "./start-docker-registry.ts";

const IMAGE: ImageToMake = { seed: "copied", platforms: ["linux/amd64", "linux/arm64"], labels: {}, attested: true };
const INNER: ImageToMake = { ...IMAGE, seed: "nested" };

/** `skopeo` cannot copy an index within an index. */
async function putIndex(host: string, { digest, mediaType, bytes }: StoredObject): Promise<string> {
  const url = `http://${host}/v2/acme/checkout/manifests/1.9.0`;
  const { status } = await fetch(url, { method: "PUT", body: bytes, headers: { "content-type": mediaType } });
  assert.equal(status, 201);
  return digest;
}

const missing = await findMissingParts(["docker-registry", "skopeo"]);

if (missing.length > 0) {
  tellNotSeen("names written to Debian's docker-registry", missing);
} else {
  describe("names written to Debian's docker-registry", () => {
    let open: DockerRegistry;
    let guarded: DockerRegistry;
    const digests = { plain: "", nested: "" };

    before(async () => {
      [open, guarded] = await Promise.all([startDockerRegistry(), startDockerRegistry({ users: true })]);
      digests.plain = await open.push({ repository: "acme/checkout", tag: "1.8.0", image: IMAGE });
      await open.push({ repository: "acme/checkout", tag: "inner", image: INNER });
      digests.nested = await putIndex(open.host, makeImage({ ...INNER, nested: true }).top);
    });
    after(() => Promise.all([open?.close(), guarded?.close()]));

    /** A client, and what it sent. */
    function connect(meanwhile: (request: string) => Promise<void> = async () => {}) {
      const sent: string[] = [];
      const line = { ...ANY, insecure: true, for: ["*"], push: STABLE };
      const lines: readonly RegistrySettings[] = [
        { ...line, host: open.host },
        { ...line, host: guarded.host, auth: { kind: "password", ...DOCKER_USER } },
      ];
      const client = clientFor(lines, {
        timeout: 10_000,
        idle: 10_000,
        fetch: async (input, init) => {
          const request = `${init?.method} ${new URL(String(input)).pathname}`;
          await meanwhile(request);
          const response = await fetch(input, init);
          // The first PUT of all has no credentials, and is asked for them.
          if (response.status < 400) sent.push(request);
          return response;
        },
      });
      const copy = (image: string, { tag = "v1.8.0-stable", digest = digests.plain } = {}) =>
        client.copyImage({ asker: ASKER, from: { image: `${open.host}/acme/checkout`, digest }, to: { image, tag } });
      const resolve = (image: string, tag = "v1.8.0-stable") => client.resolveTag({ image, tag, asker: ASKER });
      return { copy, resolve, sent, blobs: () => sent.filter((request) => /^PUT .*\/blobs\/uploads\//.test(request)) };
    }

    test("in the same repository, with all platforms and the attestation", async () => {
      const { copy, resolve, blobs } = connect();
      const image = `${open.host}/acme/checkout`;
      assert.equal((await copy(image)).kind, "done");
      assert.deepEqual(await resolve(image), { kind: "known", value: digests.plain });
      assert.deepEqual(await copy(image), { kind: "already-so" });
      assert.deepEqual(blobs(), []);
      assert.match(JSON.stringify(await copy(image, { digest: digests.nested })), /refused.*a name does not move/);
    });

    test("in another repository, by mounting: no blob is sent", async () => {
      const { copy, resolve, blobs } = connect();
      const image = `${open.host}/live/checkout`;
      const outcome = await copy(image);
      assert.deepEqual(outcome.kind === "done" && outcome.work, {
        ...{ way: "within", manifests: 4, mounted: 5, copied: 0, present: 0, bytes: 0 },
      });
      assert.deepEqual(await resolve(image), { kind: "known", value: digests.plain });
      assert.deepEqual(blobs(), []);
    });

    test("in another registry with a password, an index within an index, too", async () => {
      const { copy, resolve, blobs } = connect();
      const image = `${guarded.host}/live/checkout`;
      assert.equal((await copy(image)).kind, "done");
      assert.deepEqual(await resolve(image), { kind: "known", value: digests.plain });
      assert.equal(blobs().length, 5);
      const nested = await copy(image, { tag: "v1.9.0-stable", digest: digests.nested });
      assert.deepEqual(nested.kind === "done" && [nested.work.present, nested.work.copied], [1, 4]);
      assert.deepEqual(await resolve(image, "v1.9.0-stable"), { kind: "known", value: digests.nested });
    });

    test("a registry that is killed in the middle has no such name, and the next try goes on", async () => {
      const image = `${guarded.host}/twice/checkout`;
      let uploads = 0;
      const { copy } = connect(async (request) => {
        if (request.startsWith("PUT /v2/twice/checkout/blobs/") && ++uploads === 3) await guarded.stop();
      });
      const first = await copy(image);
      assert.match(JSON.stringify(first), /"unknown".*(refused the connection|closed the connection early)/);
      await guarded.start();
      const { copy: again, resolve } = connect();
      assert.deepEqual(await resolve(image), { kind: "known", value: undefined });
      const second = await again(image);
      assert.deepEqual(second.kind === "done" && [second.work.present, second.work.copied], [2, 3]);
      assert.deepEqual(await resolve(image), { kind: "known", value: digests.plain });
    });
  });
}
