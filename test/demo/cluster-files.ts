// What the clusters of the demo read in Git: for each environment the Deployment that its files make. Where a file is a
// manifest it is taken as it stands; of Helm values and a kustomization the version is put into a plain one.

import { parse } from "yaml";
import type { Manifest } from "../argocd/played-object.ts";
import type { Github } from "../github/start-github.ts";
import { CONFIG_REPOSITORY, ENVIRONMENTS, type Environment, versionIn } from "./config-repository.ts";

export interface Declared {
  readonly version: string;
  readonly deployment: Manifest;
}

/** At a commit; throws where the files say no version, which would be a mistake of the demo. */
export function readDeclared(
  github: Github,
  { environment, commit }: { readonly environment: Environment; readonly commit: string },
): Declared {
  const path = ENVIRONMENTS[environment];
  const text = github.fileAt({ repository: CONFIG_REPOSITORY, ref: commit, path }) ?? "";
  const version = versionIn(text);
  if (version === undefined) throw new Error(`${path} at ${commit} says no version.`);
  const written: unknown = parse(text);
  return { version, deployment: isDeployment(written) ? written : render(environment, version) };
}

function isDeployment(written: unknown): written is Manifest {
  return typeof written === "object" && written !== null && "kind" in written && written.kind === "Deployment";
}

function render(environment: Environment, version: string): Manifest {
  const [name = ""] = environment.split("/");
  const container = { name, image: `acme/${name}:${version}` };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas: 1, template: { spec: { containers: [container] } } },
  };
}
