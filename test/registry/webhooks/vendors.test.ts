// The table of registry webhooks: for every sender what comes of a push by tag, of several platforms, of a digest alone, of
// a delete and of a foreign body, and that nobody is believed without the secret in the way in which that sender proves it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WEBHOOK_KINDS } from "../../../src/domain/settings.ts";
import type { Received } from "../../../src/registry/webhooks/receiver.ts";
import { receive } from "./receive.ts";
import { bytesOf, NEW, OLD } from "./receiver-row.ts";
import type { Expected, Proof, Vendor, VendorDelivery, VendorRow } from "./vendors/vendor.ts";
import { VENDORS } from "./vendors/vendors.ts";

/** Proven by keys, in tables of their own. */
const ELSEWHERE: ReadonlySet<string> = new Set(["gar"]);

interface Sending {
  readonly vendor: Vendor;
  readonly delivery: VendorDelivery;
  readonly row: Pick<VendorRow, "settings">;
  readonly proof: Proof;
  readonly secrets?: readonly string[];
}

function send({ vendor, delivery, row, proof, secrets = [OLD, NEW] }: Sending): Promise<Received> {
  const { body, headers = {}, method = "POST" } = delivery;
  return receive({
    ...{ method, body: bytesOf(body), headers: { ...headers, ...proof.headers } },
    ...(proof.secretInPath !== undefined && { secretInPath: proof.secretInPath }),
    settings: { id: "hook", kind: vendor.kind, ...vendor.settings, ...row.settings, secrets },
  });
}

async function sendAll(vendor: Vendor, row: VendorRow): Promise<readonly Received[]> {
  const received: Received[] = [];
  for (const delivery of row.deliveries) {
    received.push(await send({ vendor, delivery, row, proof: vendor.prove(bytesOf(delivery.body), OLD) }));
  }
  return received;
}

function check(received: readonly Received[], expect: Expected): void {
  const [first] = received;
  if ("malformed" in expect) {
    assert.ok(first?.kind === "malformed", first?.kind);
    assert.match(first.why, expect.malformed);
    return;
  }
  if ("answer" in expect) {
    assert.ok(first?.kind === "handshake", first?.kind);
    assert.deepEqual(first.answer, expect.answer);
    assert.deepEqual(first.headers, expect.headers);
    return;
  }
  const understood = received.filter((each) => each.kind === "understood");
  assert.equal(understood.length, received.length, received.map(({ kind }) => kind).join());
  assert.deepEqual(
    understood.flatMap(({ events }) => events),
    expect.events,
  );
  const ignored = understood.flatMap((each) => each.ignored.map(({ what, why }) => `${what}: ${why}`));
  assert.equal(ignored.length, expect.ignored?.length ?? 0, ignored.join("\n"));
  for (const [index, pattern] of (expect.ignored ?? []).entries()) assert.match(ignored[index] ?? "", pattern);
  if (expect.delivery !== undefined) assert.match(understood[0]?.delivery ?? "", expect.delivery);
}

test("every kind of webhook is in a table", () => {
  const told = new Set<string>(VENDORS.map(({ kind }) => kind));
  assert.deepEqual(
    WEBHOOK_KINDS.filter((kind) => !told.has(kind) && !ELSEWHERE.has(kind)),
    [],
  );
});

for (const vendor of VENDORS) {
  describe(vendor.name, () => {
    for (const row of [...Object.values(vendor.rows), ...vendor.more]) {
      test(row.name, async () => check(await sendAll(vendor, row), row.expect));
    }

    const { push } = vendor.rows;
    const [delivery = { body: "" }] = push.deliveries;
    const body = bytesOf(delivery.body);
    const kindOf = async (proof: Proof, secrets?: readonly string[]) =>
      (await send({ vendor, delivery, row: push, proof, ...(secrets && { secrets }) })).kind;

    test("the second secret of a rotation", async () => {
      assert.equal(await kindOf(vendor.prove(body, NEW)), "understood");
    });

    test("T2: a wrong secret, an empty one, a piece of the right one, and none", async () => {
      for (const secret of ["guessed", "", `x${OLD}`, OLD.slice(1), `${OLD}${NEW}`]) {
        assert.equal(await kindOf(vendor.prove(body, secret)), "unauthenticated", secret);
      }
      assert.equal(await kindOf({}), "unauthenticated");
      assert.equal(await kindOf(vendor.prove(body, "")), "unauthenticated");
      for (const secrets of [[], [""]]) {
        assert.equal(await kindOf(vendor.prove(body, ""), secrets), "unauthenticated");
        assert.equal(await kindOf(vendor.prove(body, OLD), secrets), "unauthenticated");
      }
    });

    test("T4: the right secret as another sender would prove it", async () => {
      for (const [index, proof] of vendor.noProofs.entries()) {
        assert.equal(await kindOf(proof(body, OLD)), "unauthenticated", `proof ${index}`);
      }
    });

    test("what is no JSON object, and what is nested without end", async () => {
      const deep = `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
      for (const broken of ["", "{", "null", "7", '"text"', Buffer.from([0x7b, 0xff, 0x7d]), deep]) {
        const row = { ...push, deliveries: [{ ...delivery, body: broken }] };
        const [received] = await sendAll(vendor, row);
        assert.equal(received?.kind, "malformed", String(broken).slice(0, 20));
      }
    });
  });
}
