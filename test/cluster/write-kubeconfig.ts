// A kubeconfig for the stand-in, as an operator would hand it to Stagecoach. Over plain HTTP the client insists on being
// told that nothing is verified.

import { stringify } from "yaml";

export interface KubeconfigParts {
  readonly url: string;
  readonly user: string;
  readonly token: string;
  /** PEM of who vouches for the server's certificate. */
  readonly authority?: string | undefined;
}

export function writeKubeconfig({ url, user, token, authority }: KubeconfigParts): string {
  const trust =
    authority === undefined
      ? { "insecure-skip-tls-verify": true }
      : { "certificate-authority-data": Buffer.from(authority).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: { server: url, ...trust } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: "cluster", user } }],
    "current-context": user,
  });
}
