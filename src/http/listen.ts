// Opens a server where the operator wants it. Where that cannot be, the error names the variables that say where.

import type { HttpServer } from "./create-server.ts";

/** Gives the address. */
export async function listen(
  server: HttpServer,
  { host, port, variable }: { readonly host: string; readonly port: number; readonly variable: string },
): Promise<string> {
  try {
    return `http://${host}:${await server.listen({ port, host })}`;
  } catch (cause) {
    throw new Error(`Stagecoach cannot listen at ${host}:${port}; HOST and ${variable} say where.`, { cause });
  }
}
