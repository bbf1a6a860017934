// Watches: what changed behind a version, then every change as it comes, a line of JSON each; bookmarks when asked for;
// an `ERROR` event with 410 when the version is forgotten.

import type { ServerResponse } from "node:http";
import { apiVersionOf } from "../model/kinds.ts";
import { Refusal } from "../model/refusal.ts";
import type { Change, Store } from "../model/store.ts";
import type { StoredObject } from "../model/stored-object.ts";
import { selectorOf } from "./list-objects.ts";
import type { ResourceRequest } from "./read-request.ts";

export interface OpenWatch {
  readonly plural: string;
  /** Tells how far it is. */
  readonly bookmark: () => void;
  /** Ends it properly. */
  readonly end: () => void;
  /** Cuts the connection. */
  readonly cut: () => void;
  /** Sends any text as a line. */
  readonly say: (line: string) => void;
}

export function watchObjects(
  store: Store,
  { request, response }: { readonly request: ResourceRequest; readonly response: ServerResponse },
): OpenWatch {
  const { kind, namespace, query } = request;
  const selects = selectorOf(query);
  const say = (line: string) => {
    if (!response.writableEnded) response.write(`${line}\n`);
  };
  const tell = (event: unknown) => say(JSON.stringify(event));
  response.writeHead(200, { "content-type": "application/json", "transfer-encoding": "chunked" });
  response.flushHeaders();
  const wanted = (change: Change) =>
    change.kind.plural === kind.plural &&
    change.kind.group === kind.group &&
    change.kind.version === kind.version &&
    (namespace === undefined || change.object.metadata.namespace === namespace) &&
    selects(change.object);
  const pass = (change: Change) => {
    if (wanted(change)) tell({ type: change.type, object: change.object });
  };
  const bookmark = () => {
    if (query.get("allowWatchBookmarks") !== "true") return;
    const metadata = { resourceVersion: String(store.version()) };
    tell({ type: "BOOKMARK", object: { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } });
  };
  const end = () => void response.end();
  begin();
  const forget = store.onChange(pass);
  response.on("close", forget);
  const seconds = Number(query.get("timeoutSeconds") ?? "0");
  if (seconds > 0) {
    const timer = setTimeout(end, seconds * 1_000);
    response.on("close", () => clearTimeout(timer));
  }
  return { plural: kind.plural, bookmark, end, cut: () => response.destroy(), say };

  function begin(): void {
    const from = query.get("resourceVersion") ?? "";
    if (from === "" || from === "0") {
      const there: readonly StoredObject[] = store.list(kind, {
        at: store.version(),
        ...(namespace !== undefined && { namespace }),
      });
      for (const object of there.filter(selects)) tell({ type: "ADDED", object });
      return;
    }
    try {
      for (const change of store.changesSince(Number(from))) pass(change);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tell({ type: "ERROR", object: error.status });
      end();
    }
  }
}
