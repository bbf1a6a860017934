// The registries that anybody may have asked without credentials and without a line in the operator's settings. They
// are large, public and https; an operator who wants none of them gives `createOciRegistry` another list.

/** `*.` stands for one or more labels. */
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
