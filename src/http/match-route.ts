// Finds the route of a request by method and path, and nothing else about it (T4).

import { type Answer, type Route, refuse } from "./route.ts";

export type Match =
  | { readonly kind: "route"; readonly route: Route; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: "none"; readonly answer: Answer };

export function matchRoute(
  routes: readonly Route[],
  { method, url }: { readonly method: string; readonly url: string },
): Match {
  const parts = splitPath(url);
  const matches = routes.flatMap((route) => {
    const parameters = parts === undefined ? undefined : matchParts(splitPattern(route.path), parts);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  if (matches.length === 0) {
    return { kind: "none", answer: refuse(404, { code: "not-found", message: "There is nothing at this path." }) };
  }
  const wanted = method === "HEAD" ? "GET" : method;
  const found = matches.find(({ route }) => route.method === wanted);
  if (found === undefined) {
    const allowed = [...new Set(matches.map(({ route }) => route.method))].join(", ");
    const message = `This path takes ${allowed} only.`;
    return { kind: "none", answer: refuse(405, { code: "method-not-allowed", message, headers: { allow: allowed } }) };
  }
  return { kind: "route", ...found };
}

function splitPath(url: string): readonly string[] | undefined {
  const [path = ""] = url.split(/[?#]/, 1);
  if (!path.startsWith("/")) {
    return undefined;
  }
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    // A path with a broken escape is the path of nothing.
    return undefined;
  }
}

function splitPattern(pattern: string): readonly string[] {
  return pattern.slice(1).split("/");
}

function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== parts.length) {
    return undefined;
  }
  const parameters: [string, string][] = [];
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? "";
    if (expected.startsWith(":") && part !== "") {
      parameters.push([expected.slice(1), part]);
    } else if (expected !== part) {
      return undefined;
    }
  }
  return Object.fromEntries(parameters);
}
