// The config repository of the demo: the files in `platform-config/`, as they would stand in a team's own, with the demo's
// registry in place of ghcr.io; and what they declare at any moment.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Github } from "../github/start-github.ts";

export const CONFIG_REPOSITORY = "acme/platform-config";

/** What runs everywhere when the demo begins. */
export const FIRST_VERSIONS: Readonly<Record<string, string>> = {
  checkout: "1.7.0",
  auth: "3.1.4",
  cart: "1.12.0",
  mail: "0.9.2",
  search: "2.4.1",
  web: "5.0.3",
};

/** A file of each environment, in the order in which versions travel. */
export const ENVIRONMENTS = {
  "checkout/integration": "apps/checkout/integration/values.yaml",
  "checkout/staging": "apps/checkout/staging/kustomization.yaml",
  "checkout/canary": "apps/checkout/canary/deployment.yaml",
  "checkout/live": "apps/checkout/live/deployment.yaml",
  "auth/dev": "services/auth/dev/deployment.yaml",
  "auth/prod": "services/auth/prod/deployment.yaml",
  "cart/dev": "services/cart/dev/deployment.yaml",
  "cart/prod": "services/cart/prod/deployment.yaml",
  "mail/dev": "services/mail/dev/values.yaml",
  "mail/prod": "services/mail/prod/values.yaml",
  "search/dev": "services/search/dev/kustomization.yaml",
  "search/prod": "services/search/prod/kustomization.yaml",
  "web/dev": "services/web/dev/deployment.yaml",
  "web/prod": "services/web/prod/deployment.yaml",
} as const;

export type Environment = keyof typeof ENVIRONMENTS;
export const ALL_ENVIRONMENTS = Object.keys(ENVIRONMENTS) as readonly Environment[];

const FOLDER = fileURLToPath(new URL("platform-config", import.meta.url));
const VERSION = /(?:\b(?:tag|newTag): "?|\/acme\/[a-z]+:)(\d+\.\d+\.\d+)/;

/** Path to text. */
export function readConfigRepository(registryHost: string): Readonly<Record<string, string>> {
  const entries = readdirSync(FOLDER, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const text = readFileSync(path, "utf8").replaceAll("ghcr.io/", `${registryHost}/`);
      return [path.slice(FOLDER.length + 1).replaceAll("\\", "/"), text];
    }),
  );
}

/** The version that the default branch declares now. */
export function declaredVersion(github: Github, environment: Environment): string | undefined {
  const file = { repository: CONFIG_REPOSITORY, ref: "main", path: ENVIRONMENTS[environment] };
  return versionIn(github.fileAt(file) ?? "");
}

/** The version that stands in a file of an environment. */
export function versionIn(text: string): string | undefined {
  return VERSION.exec(text)?.[1];
}
