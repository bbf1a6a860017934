// What the operator says about image registries: which may be asked, for whom, and with which credentials. The
// settings file is read elsewhere; here credentials are already values, and they never leave this folder.

export interface RegistrySettings {
  /** As image names spell it: `ghcr.io`, `docker.io`, `127.0.0.1:5000`. */
  readonly host: string;
  /** Only repositories below this path, as `acme/`; absent: all of the host. */
  readonly prefix?: string;
  /** Globs over `owner/name` of the config repositories that may ask; `*` is all. */
  readonly for: readonly string[];
  readonly auth?: RegistryAuth;
  /** Plain http. */
  readonly insecure?: boolean;
  /** A further host that may hand out this registry's tokens: `gitlab.example.com`. */
  readonly realm?: string;
  /** Milliseconds between two periodic looks; the scheduler's, not the client's. */
  readonly every?: number;
}

export type RegistryAuth =
  | { readonly kind: "basic"; readonly username: string; readonly password: string }
  /** Sent to the registry itself as it is, without asking a realm. */
  | { readonly kind: "token"; readonly token: string };

/** Asked without credentials for anybody, unless the operator says otherwise. `*.` stands for one or more labels. */
export const PUBLIC_REGISTRIES: readonly string[] = [
  "docker.io",
  "ghcr.io",
  "quay.io",
  "registry.k8s.io",
  "public.ecr.aws",
  "gcr.io",
  "*.gcr.io",
  "*.pkg.dev",
];
