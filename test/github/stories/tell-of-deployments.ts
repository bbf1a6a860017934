// Deployments and attestations in stories: what is recorded of a commit or a digest, and what other programs record there.

import type { Deployment, DeploymentState, DeploymentStatus } from "../model/check.ts";
import { ensureApp, ensureUser } from "../model/manage-accounts.ts";
import type { Model } from "../model/model.ts";
import { type Attestation, addAttestation } from "../model/record-attestation.ts";
import { addDeployment, addDeploymentStatus, deploymentsOf } from "../model/record-deployment.ts";
import { resolveCommit } from "../rest/resolve-commit.ts";
import { type ByPerson, type Named, repositoryNamed } from "./find-repository-named.ts";

export function tellOfDeployments(model: Model) {
  return {
    /** Oldest first. */
    deployments: ({ repository }: Named): readonly Deployment[] =>
      deploymentsOf(model, repositoryNamed(model, repository).id),
    /** Another app records a deployment. */
    deploy({
      repository: name,
      ref,
      environment,
      app: slug,
    }: Named & { readonly ref: string; readonly environment: string; readonly app: string }): Deployment {
      const repository = repositoryNamed(model, name);
      const commit = resolveCommit(repository, ref);
      if (commit === undefined) throw new Error(`There is no commit ${ref} in ${name}.`);
      const app = ensureApp(model, { slug, owner: "elsewhere", publicKey: "", permissions: {} });
      return addDeployment(model, {
        repository,
        ref,
        oid: commit.oid,
        task: "deploy",
        environment,
        description: null,
        payload: "",
        transient: false,
        production: false,
        creator: app.bot,
        app,
      });
    },
    /** A workflow of the repository attests something about a digest. */
    attest({ repository, ...attestation }: Named & Attestation): void {
      addAttestation(model, { repository: repositoryNamed(model, repository), attestation });
    },
    /** A person changes what a deployment shows. */
    setDeploymentStatus({
      deployment,
      by,
      state,
      description = "",
    }: ByPerson & {
      readonly deployment: Deployment;
      readonly state: DeploymentState;
      readonly description?: string;
    }): DeploymentStatus {
      const creator = ensureUser(model, { login: by });
      const status = { state, description, environmentUrl: "", logUrl: "", creator, app: undefined };
      return addDeploymentStatus(model, { deployment, status: { ...status, autoInactive: false } });
    },
  };
}
