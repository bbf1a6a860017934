// One file that says where a cluster is and who one is there.

import { writeFileSync } from "node:fs";

export interface Access {
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM, in base64, of who signed the server's certificate */
  readonly authorityData: string;
  readonly user: string;
  readonly token: string;
}

/** Writes JSON, which every reader of YAML reads, and lets only whoever runs this read it. */
export function writeKubeconfig(path: string, { server, authorityData, user, token }: Access): string {
  const cluster = { server, "certificate-authority-data": authorityData };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "stagecoach-e2e", cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: "stagecoach-e2e", user } }],
    "current-context": user,
  };
  writeFileSync(path, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  return path;
}
