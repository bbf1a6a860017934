// How a cluster is reached and who one is there, as its kubeconfig says: `@kubernetes/client-node` reads the file, runs
// what it names for signing in, and renews tokens. Everything else of a request is made elsewhere. What goes wrong is told
// without the file's words and without those of a program: they may hold secrets.

import { Agent, type RequestOptions } from "node:https";
import { isDeepStrictEqual } from "node:util";
import type { KubeConfig } from "@kubernetes/client-node";
import { known, type Seen, unknown } from "../../domain/seen.ts";

export type ClusterAccess =
  | { readonly kind: "kubeconfig"; readonly text: string; readonly context?: string }
  /** As the ServiceAccount of the pod that this runs in. */
  | { readonly kind: "in-cluster" };

export interface SignedIn {
  /** Where the server is, without credentials; its path may not be empty. */
  readonly server: URL;
  /** Certificates, headers and the agent of a request. */
  readonly options: RequestOptions;
}

export interface Entrance {
  /** Concurrent callers share one answer, so that a program for signing in runs once. */
  signIn(): Promise<Seen<SignedIn>>;
  /** Forgets what was kept; `true`: signing in again may give something else. */
  renew(): boolean;
  close(): void;
}

/** Each entrance has a KubeConfig of its own: it keeps tokens by the user's name, and two files may use the same one. */
export function openEntrance(access: ClusterAccess): Entrance {
  let config: Seen<KubeConfig> | undefined;
  let underWay: Promise<Seen<SignedIn>> | undefined;
  let kept: { readonly secrets: unknown; readonly agent: Agent } | undefined;
  return {
    signIn: () => {
      underWay ??= attempt().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    renew: () => {
      const user = config?.kind === "known" ? config.value.getCurrentUser() : null;
      config = undefined;
      return Boolean(user?.exec ?? user?.authProvider);
    },
    close: () => kept?.agent.destroy(),
  };

  async function attempt(): Promise<Seen<SignedIn>> {
    config ??= await readConfig(access);
    if (config.kind === "unknown") return config;
    const { value } = config;
    const cluster = value.getCurrentCluster();
    const server = URL.parse(cluster?.server ?? "");
    if (cluster === null || server === null) return unknown("its kubeconfig names no server for this context");
    if (server.protocol === "http:" && !cluster.skipTLSVerify)
      return unknown("its kubeconfig names a server without TLS");
    const options: RequestOptions = {};
    try {
      await value.applyToHTTPSOptions(options);
    } catch {
      return unknown("signing in as its kubeconfig says has failed");
    }
    const { agent: theirs, ...own } = trimToken(options);
    const plain = server.protocol === "http:" || cluster.proxyUrl !== undefined;
    const agent = plain ? theirs : keepAgent(own);
    return known({ server, options: { ...own, ...(agent !== undefined && { agent }) } });
  }

  /** The library's agent opens a connection for each request, and goes on with a certificate that was replaced. */
  function keepAgent(own: RequestOptions): Agent {
    const { ca, cert, key, passphrase, servername, rejectUnauthorized } = own;
    const given = { ca, cert, key, passphrase, servername, rejectUnauthorized };
    const secrets = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    if (kept !== undefined && isDeepStrictEqual(kept.secrets, secrets)) return kept.agent;
    kept?.agent.destroy();
    const agent = new Agent({ ...secrets, keepAlive: true, maxSockets: MOST_CONNECTIONS });
    kept = { secrets, agent };
    return agent;
  }
}

/** One for each watch, and some for reads. */
const MOST_CONNECTIONS = 32;

/** The library is loaded by the first who signs in: it is half of what the program needs to start. */
async function readConfig(access: ClusterAccess): Promise<Seen<KubeConfig>> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (access.kind === "in-cluster") {
    if (process.env.KUBERNETES_SERVICE_HOST === undefined) return unknown("this does not run in a cluster");
    config.loadFromCluster();
    return known(config);
  }
  try {
    config.loadFromString(access.text);
  } catch {
    return unknown("its kubeconfig cannot be read");
  }
  if (access.context !== undefined) config.setCurrentContext(access.context);
  if (config.getContextObject(config.getCurrentContext() ?? "") === null) {
    return unknown(
      access.context === undefined
        ? "its kubeconfig has no current context; name one with `context`"
        : "its kubeconfig has no such context as the one that the settings name",
    );
  }
  return known(config);
}

/** A token that was read from a file may end with a line's end, which no header may hold. */
function trimToken(options: RequestOptions): RequestOptions {
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value).trim()]);
  return { ...options, headers: Object.fromEntries(headers) };
}
