// What each sender writes of a push by tag, as small as its receiver and its documentation allow. No digest is made up: a
// body has one only where it was given, and GitHub's never, since what GitHub signs may be believed without a look.

import type { WebhookKind } from "../../domain/settings.ts";
import type { SampleRequest } from "./sample.ts";

export interface SampleBody {
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Told extends SampleRequest {
  /** The sender's own word for the repository, the host or the region; the host where the operator lists none. */
  readonly word: string;
  readonly listed: boolean;
  /** Behind that word: `acme/checkout`. */
  readonly repository: string;
}

const INDEX = "application/vnd.oci.image.index.v1+json";

export const SAMPLE_BODIES: Readonly<Record<WebhookKind, (told: Told) => SampleBody>> = {
  dockerhub: ({ repository, tag, now }) => ({
    body: { push_data: { tag, pushed_at: seconds(now), pusher: "stagecoach" }, repository: { repo_name: repository } },
  }),
  ghcr: ({ word, repository, tag, id }) => {
    const [login = "", ...name] = repository.split("/");
    const version = { package_url: `${word}/${repository}:${tag}`, container_metadata: { tag: { name: tag } } };
    return {
      body: {
        action: "published",
        package: { name: name.join("/"), package_type: "CONTAINER", owner: { login }, package_version: version },
      },
      headers: { "x-github-event": "package", "x-github-delivery": id },
    };
  },
  harbor: ({ word, repository, tag, digest, now }) => ({
    body: {
      ...{ type: "PUSH_ARTIFACT", occur_at: seconds(now), operator: "stagecoach" },
      event_data: {
        resources: [{ tag, digest, resource_url: `${word}/${repository}:${tag}` }],
        repository: { repo_full_name: repository },
      },
    },
  }),
  quay: ({ word, repository, tag }) => ({
    body: { repository, docker_url: `${word}/${repository}`, updated_tags: [tag] },
  }),
  acr: ({ word, repository, tag, digest, id, now }) => ({
    body: {
      ...{ id, timestamp: new Date(now).toISOString(), action: "push", request: { id, host: word, method: "PUT" } },
      target: { mediaType: INDEX, digest, repository, tag },
    },
  }),
  jfrog: ({ word, listed, repository, tag, digest }) => {
    const [first = "", ...rest] = repository.split("/");
    const [key, name] = listed ? [word, repository] : [first, rest.join("/")];
    const data = { repo_key: key, image_name: name, name: "list.manifest.json", tag, sha256: digest?.slice(7) };
    return { body: { domain: "docker", event_type: "pushed", data } };
  },
  nexus: ({ word, repository, tag, id, now }) => ({
    body: {
      ...{ timestamp: new Date(now).toISOString(), action: "CREATED", repositoryName: word },
      component: { format: "docker", name: repository, version: tag },
    },
    headers: { "x-nexus-webhook-id": "rm:repository:component", "x-nexus-webhook-delivery": id },
  }),
  gitlab: distribution,
  gitea: (told) => gitea(told, "gitea"),
  forgejo: (told) => gitea(told, "forgejo"),
  zot: ({ repository, tag, digest, id }) => ({
    body: { name: repository, reference: tag, digest, mediaType: INDEX },
    headers: {
      ...{ "ce-specversion": "1.0", "ce-id": id, "ce-source": "zotregistry.dev" },
      "ce-type": "zotregistry.image.updated",
    },
  }),
  aliyun: ({ word, listed, repository, tag, digest, now }) => ({
    body: {
      push_data: { tag, digest, pushed_at: new Date(now).toISOString().slice(0, 19).replace("T", " ") },
      repository: { repo_full_name: repository, ...(listed && { region: word }) },
    },
  }),
  gar: ({ word, repository, tag, digest, id, now }) => {
    const image = `${word}/${repository}`;
    const message = { action: "INSERT", ...(digest && { digest: `${image}@${digest}` }), tag: `${image}:${tag}` };
    const data = Buffer.from(JSON.stringify(message)).toString("base64");
    return { body: { message: { data, messageId: id, publishTime: new Date(now).toISOString() } } };
  },
  ecr: ({ word, repository, tag, digest, id, now }) => {
    const [account = "", , , region = ""] = word.split(".");
    const detail = { result: "SUCCESS", "repository-name": repository, "image-digest": digest, "action-type": "PUSH" };
    return {
      body: {
        ...{ version: "0", id, "detail-type": "ECR Image Action", source: "aws.ecr", account, region, resources: [] },
        ...{ time: new Date(now).toISOString(), detail: { ...detail, "image-tag": tag } },
      },
    };
  },
  distribution,
  cloudevents: ({ word, repository, tag, digest, id, now }) => ({
    body: {
      ...{ specversion: "1.0", id, type: "container.image.push", source: `https://${word}` },
      ...{ time: new Date(now).toISOString(), data: { repository, tag, digest, registryUrl: word } },
    },
    headers: { "content-type": "application/cloudevents+json" },
  }),
  cdevents: ({ word, repository, tag, digest, id, now }) => {
    const version = digest === undefined ? "" : `@${encodeURIComponent(digest)}`;
    const purl = `pkg:oci/${repository.split("/").at(-1)}${version}?repository_url=${word}/${repository}&tag=${tag}`;
    const type = "dev.cdevents.artifact.published.0.2.0";
    return {
      body: {
        context: { version: "0.4.1", id, source: "/stagecoach", type, timestamp: new Date(now).toISOString() },
        subject: { id: purl, source: "/stagecoach", type: "artifact", content: {} },
      },
    };
  },
  generic: ({ word, repository, tag, digest, id }) => ({
    body: { image: `${word}/${repository}`, tag, digest, delivery: id },
  }),
};

function distribution({ word, repository, tag, digest, id, now }: Told): SampleBody {
  const target = { mediaType: INDEX, digest, repository, tag };
  const event = { id, timestamp: new Date(now).toISOString(), action: "push", target, request: { host: word } };
  return { body: { events: [event] } };
}

function gitea({ word, repository, tag, id }: Told, sender: "gitea" | "forgejo"): SampleBody {
  const [login = "", ...name] = repository.split("/");
  const html = `https://${word}/${login}/-/packages/container/${encodeURIComponent(name.join("/"))}`;
  return {
    body: {
      action: "created",
      package: {
        owner: { login },
        type: "container",
        name: name.join("/"),
        version: tag.toLowerCase(),
        html_url: html,
      },
    },
    headers: { [`x-${sender}-event`]: "package", [`x-${sender}-delivery`]: id },
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
