// Three services whose `prod` has the group `shop`, everything on 1.7.0 and 1.8.0 in the registry. A test adds only its
// point.

import assert from "node:assert/strict";
import type { Block, Hold } from "../../src/domain/ledger.ts";
import type { Observed } from "../../src/domain/observed.ts";
import type { Configuration, Environment, EnvironmentKey } from "../../src/domain/pipeline.ts";
import type { Promotion } from "../../src/domain/promotion.ts";
import { known } from "../../src/domain/seen.ts";
import {
  configuration,
  environment,
  images,
  ledger,
  memory,
  minutes,
  observed,
  pinned,
  pipeline,
  place,
  promotion,
  reached,
  release,
} from "./build.ts";

export const SERVICES = ["cart", "checkout", "search"] as const;
export type Service = (typeof SERVICES)[number];
const imageOf = (name: string) => `ghcr.io/acme/shop-${name}`;
export const keyOf = (name: string): EnvironmentKey => `${name}/prod`;
export const releaseOf = (name: string, tag: string) => release(tag, imageOf(name));

export interface ShopOptions {
  /** Where everything else is on 1.7.0 and has 1.8.0 to take. */
  readonly newest?: Partial<Record<Service, string>>;
  readonly environments?: Partial<Record<Service, Partial<Environment>>>;
  readonly declared?: Partial<Record<Service, string>>;
  readonly file?: Partial<Configuration>;
  readonly holds?: readonly Hold[];
  readonly blocks?: readonly Block[];
  readonly world?: Partial<Observed>;
}

export function shop({
  newest = {},
  environments = {},
  declared = {},
  file,
  holds,
  blocks,
  world,
}: ShopOptions = {}): Observed {
  const tagOf = (name: Service) => declared[name] ?? "1.7.0";
  const pipelines = SERVICES.map((name) =>
    pipeline({
      name,
      images: [{ image: imageOf(name), policy: { kind: "semver", range: "*", ignore: [] } }],
      environments: [environment("prod", { group: "shop", paths: [`apps/${name}/prod`], ...environments[name] })],
    }),
  );
  const state = (name: Service) => {
    const tags = ["1.7.0", newest[name] ?? "1.8.0"];
    return images(tags, {
      digests: Object.fromEntries(tags.map((tag) => [tag, known(releaseOf(name, tag).versions[0]?.digest)])),
    });
  };
  const remembered = ledger({});
  assert.equal(remembered.kind, "known");
  const memories = SERVICES.map((name) => [
    keyOf(name),
    memory({ reached: [reached(tagOf(name), { release: releaseOf(name, tagOf(name)) })] }),
  ]);
  return observed({
    configuration: known(configuration({ pipelines, ...file })),
    images: Object.fromEntries(SERVICES.map((name) => [imageOf(name), known(state(name))])),
    environments: Object.fromEntries(
      SERVICES.map((name) => [
        keyOf(name),
        known({
          places: [
            { ...place("prod", pinned(tagOf(name), imageOf(name)), imageOf(name)), path: `apps/${name}/prod.yaml` },
          ],
          problems: [],
        }),
      ]),
    ),
    ledger: known({
      ...remembered.value,
      ledger: {
        ...remembered.value.ledger,
        environments: Object.fromEntries(memories),
        holds: holds ?? [],
        blocks: blocks ?? [],
      },
    }),
    ...world,
  });
}

/** The group's pull request with these versions. */
export function proposing(parts: Partial<Record<Service, string>>, changes: Partial<Promotion> = {}): Promotion {
  const { head, ...others } = promotion("prod", "1.8.0");
  const { release: _, ...bare } = head;
  return {
    ...others,
    key: "shop/prod",
    branch: "stagecoach/shop/prod",
    head: {
      ...bare,
      parts: SERVICES.flatMap((name) => {
        const tag = parts[name];
        return tag === undefined ? [] : [{ key: keyOf(name), release: releaseOf(name, tag) }];
      }),
    },
    ...changes,
  };
}

export const ALL = { cart: "1.8.0", checkout: "1.8.0", search: "1.8.0" };
export const APPROVED = { approvals: [{ by: "ann", head: "head-of-1.8.0" }] };

export function held(name: Service): Hold {
  return { pipeline: name, environment: "prod", by: "leo", at: minutes(-5), reason: "a sale" };
}

export function blocked(name: Service, tag: string): Block {
  const [version] = releaseOf(name, tag).versions;
  assert.ok(version);
  return { ...version, by: "leo", at: minutes(-5), reason: "it loses orders" };
}
