// A small text file of the operator's. What goes wrong is a clause that continues "the file of …".

import { open } from "node:fs/promises";
import { known, type Seen, unknown } from "../domain/seen.ts";

export async function readSmallFile(path: string, largest: number): Promise<Seen<string>> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > largest) return unknown(`is larger than ${largest / 1024} KiB`);
    return known(await file.readFile("utf8"));
  } catch (error) {
    // An error of another kind is a fault of ours.
    if (!(error instanceof Error && "code" in error)) throw error;
    return unknown(`cannot be read (${String(error.code)})`);
  }
}
