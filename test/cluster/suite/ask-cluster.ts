// A bare client for the suite that the stand-in and a real server both have to pass: it signs in as a kubeconfig says, and
// hides nothing of what is answered.

import { request as requestPlain } from "node:http";
import { type RequestOptions, request as requestSecure } from "node:https";
import { createInterface } from "node:readline";
import { KubeConfig } from "@kubernetes/client-node";

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape, looked at by assertions alone
  readonly body: any;
}

export interface Question {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  /** Content type of the body; JSON unless given. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface WatchLine {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly object: any;
}

export interface AskCluster {
  (question: Question): Promise<Answer>;
  /** The first events of a watch. */
  events(path: string, count: number): Promise<readonly WatchLine[]>;
}

const PATIENCE = 20_000;

export function openCluster(kubeconfig: string): AskCluster {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const server = new URL(config.getCurrentCluster()?.server ?? "");
  const begin = server.protocol === "https:" ? requestSecure : requestPlain;

  async function open({ method = "GET", path, body, type = "application/json", headers = {} }: Question) {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const sent = { ...options.headers, ...(body !== undefined && { "content-type": type }), ...headers };
    const place = { host: server.hostname, port: server.port, path, method, headers: sent };
    const signal = AbortSignal.timeout(PATIENCE);
    return new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
      const outgoing = begin({ ...options, ...place, signal });
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async function ask(question: Question): Promise<Answer> {
    const response = await open(question);
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk as string;
    return { status: response.statusCode ?? 0, text, body: readJson(text) };
  }

  async function events(path: string, count: number): Promise<readonly WatchLine[]> {
    const response = await open({ path });
    const found: WatchLine[] = [];
    for await (const line of createInterface({ input: response })) {
      found.push(JSON.parse(line) as WatchLine);
      if (found.length === count) break;
    }
    response.destroy();
    return found;
  }

  return Object.assign(ask, { events });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
