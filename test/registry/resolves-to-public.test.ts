import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isPublicAddress, resolvesToPublic } from "../../src/registry/resolves-to-public.ts";

describe("T20: an address that a registry chose", () => {
  const inside = ["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1"];
  const inside6 = [
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::",
    "2001:0:a00:1::",
    "fec0::1",
    "fd00:ec2::254",
    "fe80::1",
  ];
  for (const address of [...inside, ...inside6, "224.0.0.1", "255.255.255.255", "ff02::1"]) {
    test(`is not public: ${address}`, () => assert.equal(isPublicAddress(address), false));
  }
  for (const address of [
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::6810:84e5",
    "::ffff:93.184.216.34",
  ]) {
    test(`is public: ${address}`, () => assert.equal(isPublicAddress(address), true));
  }

  test("must be public under all its addresses, and must exist", async () => {
    const lookups: readonly [readonly string[], boolean][] = [
      [["93.184.216.34"], true],
      [["93.184.216.34", "10.0.0.1"], false],
      [[], false],
    ];
    for (const [addresses, expected] of lookups) {
      assert.equal(await resolvesToPublic("storage.example", async () => addresses), expected);
    }
    assert.equal(await resolvesToPublic("nowhere.example", () => Promise.reject(new Error("ENOTFOUND"))), false);
  });
});
