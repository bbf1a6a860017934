// Tells the app under test that an image came into GitHub's container registry, as GitHub tells its apps: the event
// `registry_package`. There is no registry here; what exists in it is the story's business.

import type { User } from "../model/identity.ts";
import { type Model, nextId, timestamp } from "../model/model.ts";
import type { Repository } from "../model/repository.ts";
import { showUser } from "../rest/views/show-account.ts";
import { repositoryPage } from "../rest/views/show-repository.ts";
import type { Webhooks } from "./start-webhooks.ts";

export interface PublishedImage {
  /** the repository that the package is linked to; its owner is the namespace */
  readonly repository: Repository;
  readonly sender: User;
  /** without host and owner: "checkout" of ghcr.io/acme/checkout */
  readonly name: string;
  /** "" when a digest was pushed without a tag, as multi-platform builds do */
  readonly tag: string;
  /** "sha256:..." */
  readonly digest: string;
  /** the image's OCI labels */
  readonly labels?: Readonly<Record<string, string>>;
  readonly action?: "published" | "updated";
}

export function publishPackage(
  { model, webhooks }: { readonly model: Model; readonly webhooks: Webhooks },
  image: PublishedImage,
): void {
  const { repository, sender, action = "published" } = image;
  const registry_package = { ...showPackage(model, image), package_version: showVersion(model, image) };
  webhooks.emit({ event: "registry_package", action, repository, sender, payload: { registry_package } });
}

function showPackage(model: Model, { repository, name }: PublishedImage) {
  const { owner } = repository;
  return {
    id: nextId(model),
    name,
    namespace: owner.login,
    description: null,
    ecosystem: "CONTAINER",
    package_type: "CONTAINER",
    html_url: `${repositoryPage(model, repository)}/pkgs/container/${name}`,
    owner: showUser(model, owner),
    registry: {
      about_url: "https://docs.github.com/packages/learn-github-packages/introduction-to-github-packages",
      name: "GitHub CR registry",
      type: "CONTAINER",
      url: `https://CONTAINER.pkg.github.com/${owner.login}`,
      vendor: "GitHub Inc",
    },
    created_at: repository.createdAt,
    updated_at: timestamp(model),
  };
}

/** The oddities are GitHub's: no time of creation, short labels left empty, an address that ends in a colon without a tag. */
function showVersion(model: Model, { repository, sender, name, tag, digest, labels = {} }: PublishedImage) {
  const id = nextId(model);
  const path = `${repository.owner.login.toLowerCase()}/${name}`;
  const { git, defaultBranch } = repository;
  return {
    id,
    version: digest,
    name: digest,
    description: "",
    summary: "",
    body: "",
    body_html: "",
    html_url: `${repositoryPage(model, repository)}/pkgs/container/${name}/${id}`,
    package_url: `ghcr.io/${path}:${tag}`,
    installation_command: tag === "" ? `docker pull ghcr.io/${path}@${digest}` : `docker pull ghcr.io/${path}:${tag}`,
    // the tip of the default branch, whatever the image was built from
    target_commitish: defaultBranch,
    target_oid: git.refs.get(`refs/heads/${defaultBranch}`) ?? "",
    author: showUser(model, sender),
    metadata: [],
    package_files: [],
    docker_metadata: [],
    container_metadata: {
      tag: { name: tag, digest: tag === "" ? "" : digest },
      labels: { description: "", source: "", revision: "", image_url: "", licenses: "", all_labels: labels },
      manifest: {
        digest,
        media_type: "application/vnd.oci.image.manifest.v1+json",
        uri: `repositories/${path}/manifests/${digest}`,
        size: 1_024,
        config: { digest, media_type: "application/vnd.oci.image.config.v1+json", size: 512 },
        layers: [],
      },
    },
    created_at: "0001-01-01T00:00:00Z",
    updated_at: "0001-01-01T00:00:00Z",
  };
}
