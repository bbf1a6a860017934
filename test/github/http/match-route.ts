// Finds the route of a request. `{path}`, `{ref}`, `{branch}`, `{basehead}` may hold slashes, as on GitHub; of several
// routes that match, the one with more fixed words wins.

import type { Route } from "./call.ts";

export interface MatchedRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: Route;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const holdSlashes = ["path", "ref", "branch", "basehead"];

export type RouteTable = readonly CompiledRoute[];

export function compileRoutes(routes: readonly Route[]): RouteTable {
  return routes
    .map((route) => ({ route, ...compile(route.route) }))
    .toSorted((one, other) => fixedWords(other.route.route) - fixedWords(one.route.route));
}

export function matchRoute(
  table: RouteTable,
  { method, path }: { readonly method: string; readonly path: string },
): MatchedRoute | undefined {
  for (const { route, pattern, names } of table) {
    if (route.method !== method) continue;
    const values = pattern.exec(path)?.slice(1);
    if (values === undefined) continue;
    return { route, parameters: Object.fromEntries(names.map((name, at) => [name, decode(values[at] ?? "")])) };
  }
  return undefined;
}

function compile(template: string): { readonly pattern: RegExp; readonly names: readonly string[] } {
  const names: string[] = [];
  const source = template.replace(/[.]/g, "\\.").replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return holdSlashes.includes(name) ? "(.+)" : "([^/]+)";
  });
  // the root of the contents is asked without a path
  return { pattern: new RegExp(`^${source.replace("/contents/(.+)", "/contents(?:/(.*))?")}$`), names };
}

function fixedWords(template: string): number {
  return template.split("/").filter((word) => word !== "" && !word.startsWith("{")).length;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // a broken escape names nothing that exists
    return text;
  }
}
