// The files that stories begin with: one service in three environments, and the ways to write others like it.
// `REGISTRY` stands for the registry's host, which is another one in every run.

import { makeImage } from "../registry/make-image.ts";

/** The digest under which a story's registry has `acme/checkout` of this tag. */
export function digestOf(tag: string): string {
  const seed = `acme/checkout:${tag}`;
  return makeImage({ seed, platforms: ["linux/amd64"], labels: {} }).top.digest;
}

/** A pipeline file of one pipeline, `checkout`, with these environments, one line of YAML each. */
export function checkoutFile(environments: readonly string[], options: CheckoutOptions = {}): string {
  const { top = "mode: full", policy = '{ semver: "*" }', more = "" } = options;
  return `version: 1
${top}
pipelines:
  - name: checkout
    images: [ { image: REGISTRY/acme/checkout, policy: ${policy} } ]
    environments:
${environments.map((line) => `      - { ${line} }\n`).join("")}${more}`;
}

interface CheckoutOptions {
  /** Lines that stand above the pipelines. */
  readonly top?: string;
  readonly policy?: string;
  /** Further pipelines. */
  readonly more?: string;
}

/** An environment of `checkout` that stands in its own folder. */
export function environment(name: string, rest = ""): string {
  return `name: ${name}, paths: [apps/checkout/${name}]${rest === "" ? "" : `, ${rest}`}`;
}

export const INTEGRATION = environment("integration", "merge: auto");
export const STAGING = environment("staging", "after: [integration], merge: auto");
export const LIVE = environment("live", "after: [staging]");

export const CHECKOUT = checkoutFile([INTEGRATION, STAGING, LIVE]);

/** One environment, and a person merges. */
export const ONLY_LIVE = checkoutFile([environment("live")]);

export function deployment(tag: string, image = "acme/checkout"): string {
  const name = image.slice(image.lastIndexOf("/") + 1);
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    spec:
      containers:
        - name: ${name} # the service itself
          image: REGISTRY/${image}:${tag}
`;
}

/** Where the environments of `checkout` say what they run. */
export function placeOf(name: string): string {
  const [pipeline, environmentName] = name.includes("/") ? name.split("/") : ["checkout", name];
  return `apps/${pipeline}/${environmentName}/deployment.yaml`;
}

/** `staging` of the pipeline `checkout`, or `cart/dev`: the files of environments that all run the same. */
export function runs(tag: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.map((name) => {
      const pipeline = name.includes("/") ? name.slice(0, name.indexOf("/")) : "checkout";
      return [placeOf(name), deployment(tag, `acme/${pipeline}`)];
    }),
  );
}

export const THREE = runs("1.7.0", ["integration", "staging", "live"]);
