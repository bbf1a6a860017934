// Lists as they are read: all pages of one moment, begun again once when they grew too old, within limits; and each kind
// once for a read.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { known } from "../../../src/domain/seen.ts";
import type { Cluster } from "../../../src/live/cluster/cluster.ts";
import { shareLists } from "../../../src/live/cluster/share-lists.ts";
import { startCluster } from "../../cluster/start-cluster.ts";
import { CONFIG_MAP, configMap, connectTo, DEPLOYMENT, QUICK } from "./connect-stand-in.ts";

describe("lists", () => {
  test("1,200 objects come in three pages", async () => {
    const cluster = await startCluster();
    for (let index = 0; index < 1_200; index++) cluster.apply(configMap(`object-${index}`, { index: String(index) }));
    const connection = connectTo(cluster, { limits: { ...QUICK, request: 10_000 } });
    const list = await connection.list(CONFIG_MAP);
    assert.ok(list.kind === "known");
    assert.equal(new Set(list.value.map(({ metadata }) => metadata.name)).size, 1_200);
    assert.equal(cluster.count({ verb: "list", plural: "configmaps" }), 3);
    connection.close();
    await cluster.stop();
  });

  test("a list that grew too old begins again, once", async () => {
    const cluster = await startCluster();
    for (const name of ["a", "b", "c"]) cluster.apply(configMap(name));
    const connection = connectTo(cluster, { limits: { ...QUICK, page: 2 } });
    cluster.faults.add({ kind: "gone", times: 1 });
    const list = await connection.list(CONFIG_MAP);
    assert.ok(list.kind === "known");
    assert.deepEqual(
      list.value.map(({ metadata }) => metadata.name),
      ["a", "b", "c"],
    );
    cluster.faults.add({ kind: "gone" });
    assert.deepEqual(await connection.list(CONFIG_MAP), {
      kind: "unknown",
      why: "the cluster prod-eu changes faster than its configmaps can be read",
    });
    connection.close();
    await cluster.stop();
  });

  test("more objects than anybody can hold are not read", async () => {
    const cluster = await startCluster();
    for (const name of ["a", "b", "c", "d", "e", "f", "g"]) cluster.apply(configMap(name));
    const connection = connectTo(cluster, { limits: { ...QUICK, page: 2, objects: 4 } });
    const why = "the cluster prod-eu has more than 4 configmaps";
    assert.deepEqual(await connection.list(CONFIG_MAP), { kind: "unknown", why });
    connection.close();
    await cluster.stop();
  });

  test("a kind that the server does not have is an empty list", async () => {
    const cluster = await startCluster({ without: ["kustomizations"] });
    const connection = connectTo(cluster);
    const kind = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", plural: "kustomizations" };
    assert.deepEqual(await connection.list(kind), known([]));
    connection.close();
    await cluster.stop();
  });

  test("a read asks for each kind once, whoever wants it, and what is in a namespace is part of everything", async () => {
    const asked: string[] = [];
    const list: Cluster["list"] = async ({ plural }, { namespace } = {}) => {
      asked.push(namespace === undefined ? plural : `${plural} in ${namespace}`);
      return known([configMap("one"), { ...configMap("two"), metadata: { name: "two", namespace: "other" } }]);
    };
    const lists = shareLists({ list });
    const [all, again, within] = await Promise.all([
      lists.of(CONFIG_MAP),
      lists.of(CONFIG_MAP),
      lists.of(CONFIG_MAP, { namespace: "shop" }),
      lists.of(DEPLOYMENT, { namespace: "shop" }),
      lists.of(DEPLOYMENT, { namespace: "shop" }),
    ]);
    assert.deepEqual(asked, ["configmaps", "deployments in shop"]);
    assert.deepEqual(all, again);
    assert.ok(within?.kind === "known");
    assert.deepEqual(
      within.value.map(({ metadata }) => metadata.name),
      ["one"],
    );
  });
});
