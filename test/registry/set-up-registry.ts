// A registry with a client that the operator lets ask it, for tests. Everything is closed when the file's tests end.

import { after } from "node:test";
import type { RegistrySettings } from "../../src/domain/settings.ts";
import { createOciRegistry, type OciRegistryOptions } from "../../src/registry/oci-registry.ts";
import type { RegistryOptions } from "./registry-state.ts";
import { type RunningRegistry, startRegistry } from "./serve-registry.ts";

/** What a line says that says nothing. */
export const ANY = { prefix: "", insecure: false, every: 600_000 };
export const ASKER = "acme/platform-config";
export const NOW = Date.UTC(2026, 10, 20, 12);

const started: RunningRegistry[] = [];
after(() => Promise.all(started.map((registry) => registry.close())));

/** One that is closed with the rest. */
export async function open(options: RegistryOptions = {}): Promise<RunningRegistry> {
  const registry = await startRegistry(options);
  started.push(registry);
  return registry;
}

/** A registry for `acme/checkout`, and a client that the operator lets ask it. */
export async function setUp(
  options: RegistryOptions & { line?: Partial<RegistrySettings>; client?: Partial<OciRegistryOptions> } = {},
) {
  const registry = await open(options);
  const line: RegistrySettings = { ...ANY, host: registry.host, insecure: true, for: ["acme/*"], ...options.line };
  const client = createOciRegistry({
    registries: [line],
    now: () => NOW,
    userAgent: "stagecoach-test",
    timeout: 500,
    ...options.client,
  });
  const image = `${registry.host}/acme/checkout`;
  return { registry, client, image, ask: { image, asker: ASKER } };
}

export function credentials(registry: { username: string; password: string }): Pick<RegistrySettings, "auth"> {
  return { auth: { kind: "password", username: registry.username, password: registry.password } };
}
export const RIGHT = credentials({ username: "reader", password: "correct horse" });
export const WRONG = credentials({ username: "reader", password: "hunter2-is-wrong" });
