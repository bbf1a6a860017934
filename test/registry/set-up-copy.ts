// A registry with something in it, and a client that the operator lets write names to it, for tests.

import { matchesWholeTag } from "../../src/cli/reading-rules.ts";
import type { RegistrySettings } from "../../src/domain/settings.ts";
import { createOciRegistry, type OciRegistryOptions } from "../../src/registry/oci-registry.ts";
import type { CopyRequest } from "../../src/registry/registry.ts";
import type { RegistryOptions } from "./registry-state.ts";
import type { Push, RunningRegistry } from "./serve-registry.ts";
import { ANY, ASKER, NOW, open } from "./set-up-registry.ts";

export const MOST = 1024 * 1024;
export const STABLE = { tags: ["v.*-stable", "1\\..*"], most: MOST };

export interface CopySetting {
  readonly from?: RegistryOptions;
  /** Another registry; absent: the same one. */
  readonly to?: RegistryOptions;
  readonly line?: Partial<RegistrySettings>;
  readonly client?: Partial<OciRegistryOptions>;
  readonly pushed?: Partial<Push>;
}

/** `acme/checkout:1.8.0` in the first registry, which is to get names in `live/checkout` of the second. */
export async function setUpCopy(setting: CopySetting = {}) {
  const source = await open(setting.from);
  const target = setting.to === undefined ? source : await open(setting.to);
  const own = { ...ANY, insecure: true, for: ["acme/*"] };
  const reading: RegistrySettings = { ...own, host: source.host, prefix: "acme", ...authOf(source, setting.from) };
  const writing = { ...own, host: target.host, push: STABLE, ...authOf(target, setting.to), ...setting.line };
  const client = clientFor([reading, writing], setting.client);
  const digest = await source.push({ repository: "acme/checkout", tag: "1.8.0", ...setting.pushed });
  const copy = (to: Partial<CopyRequest["to"]> = {}, more: Partial<CopyRequest> = {}) =>
    client.copyImage({
      asker: ASKER,
      from: { image: `${source.host}/acme/checkout`, digest },
      to: { image: `${target.host}/live/checkout`, tag: "v1.8.0-stable", ...to },
      ...more,
    });
  const named = (tag = "v1.8.0-stable", repository = "live/checkout") => target.digestOf({ repository, tag });
  return { source, target, client, digest, copy, named };
}

export function clientFor(registries: readonly RegistrySettings[], more: Partial<OciRegistryOptions> = {}) {
  return createOciRegistry({
    registries,
    now: () => NOW,
    userAgent: "stagecoach-test",
    timeout: 500,
    idle: 300,
    matchesTag: matchesWholeTag,
    ...more,
  });
}

function authOf(registry: RunningRegistry, options: RegistryOptions | undefined): Pick<RegistrySettings, "auth"> {
  const { username, password } = registry;
  return options?.auth === undefined || options.auth === "none"
    ? {}
    : { auth: { kind: "password", username, password } };
}
