// Reads the body of a request, never more than its route allows and never more than the whole server may hold at once.
// What was announced as too long is not read at all; what turns out to be is left where it is (T1).

import type { IncomingMessage } from "node:http";

export type Body =
  | { readonly kind: "complete"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  /** The server holds as many bytes of other bodies as it may. */
  | { readonly kind: "no-room" }
  /** The sender went away before the end. */
  | { readonly kind: "gone" };

/** Bytes of bodies that the server holds at this moment, and may hold. */
export interface Room {
  used: number;
  readonly limit: number;
}

/** The length that the head announces; `undefined` when it announces none (chunked, or no body). */
export function announcedLength(request: IncomingMessage): number | undefined {
  const value = request.headers["content-length"];
  return value === undefined ? undefined : Number(value);
}

/** The caller gives the room of a complete body back when it is done with it. */
export async function readBody(
  request: IncomingMessage,
  { limit, room }: { readonly limit: number; readonly room: Room },
): Promise<Body> {
  const announced = announcedLength(request) ?? 0;
  if (announced > limit) {
    return { kind: "too-large" };
  }
  if (room.used + announced > room.limit) {
    return { kind: "no-room" };
  }
  return collect(request, { limit, room });
}

function collect(request: IncomingMessage, { limit, room }: { limit: number; room: Room }): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    function settle(body: Body): void {
      request.off("data", onData).off("end", onEnd).off("close", onGone).pause();
      if (body.kind !== "complete") {
        room.used -= length;
      }
      resolve(body);
    }
    function onData(chunk: Buffer): void {
      length += chunk.length;
      room.used += chunk.length;
      chunks.push(chunk);
      if (length > limit) {
        settle({ kind: "too-large" });
      } else if (room.used > room.limit) {
        settle({ kind: "no-room" });
      }
    }
    function onEnd(): void {
      settle({ kind: "complete", bytes: Buffer.concat(chunks, length) });
    }
    function onGone(): void {
      settle({ kind: "gone" });
    }
    // An error is always followed by "close"; without a listener it would end the process.
    request.on("error", () => undefined);
    request.on("data", onData).on("end", onEnd).on("close", onGone);
  });
}
