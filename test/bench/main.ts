// `npm run bench [-- requests | sweeps | passes | live | edits | deliveries …]`: the figures that Stagecoach promises, counted and
// measured on this machine. Without arguments all of them; a few minutes. Ends with 1 where a promise is not kept.

import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { benchDeliveries } from "./deliveries.ts";
import { benchEdits } from "./edits.ts";
import { measureFollowing, measureQuietPass } from "./follow-clusters.ts";
import type { FleetFigures } from "./measure-fleet.ts";
import { printTable } from "./print-table.ts";

const broken: string[] = [];
const PARTS = { requests, sweeps, passes, live, edits, deliveries };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(", ")}. There are ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}
console.log(`Node ${process.versions.node}, ${cpus().length} processors, ${cpus()[0]?.model ?? "of a kind unknown"}`);
for (const [name, run] of Object.entries(PARTS)) if (asked.length === 0 || asked.includes(name)) await run();
console.log(broken.length === 0 ? "\nEvery promise is kept." : `\nNot kept: ${broken.join("; ")}.`);
process.exitCode = broken.length === 0 ? 0 : 1;

function promise(name: string, kept: boolean): void {
  if (!kept) broken.push(name);
}

async function measure(services: number, places: number, store: "embedded" | "memory"): Promise<FleetFigures> {
  const file = fileURLToPath(new URL("measure-fleet.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file, String(services), String(places), store]);
  return JSON.parse(stdout) as FleetFigures;
}

async function requests(): Promise<void> {
  const rows: (readonly (string | number)[])[] = [];
  for (const services of [20, 2_000]) {
    for (const places of [1, 10]) {
      const { opening, update, unchanged } = await measure(services, places, "memory");
      const name = `${services.toLocaleString("en")} services, ${places} ${places === 1 ? "place" : "places"}`;
      rows.push([name, opening.github, opening.contentCreating, opening.registry, update.github, unchanged.github]);
      promise(`7 requests for opening, with ${name}`, opening.github <= 7 && opening.contentCreating <= 1);
      promise(`2 registry requests for an event, with ${name}`, opening.registry <= 2 && update.registry <= 2);
      promise(`1 request for an unchanged pass, with ${name}`, unchanged.github <= 1 && unchanged.registry === 0);
    }
  }
  const head = ["", "opening", "creating content", "asked of the registry", "newer version", "unchanged pass"];
  printTable("Requests of one pass, warm, besides the token (promised: 7, 1, 2, no number, 1)", [head, ...rows]);
}

/** Nobody has told of anything: what a look at every image costs that has not changed. */
async function sweeps(): Promise<void> {
  const rows: (readonly (string | number)[])[] = [];
  for (const services of [20, 200]) {
    const { sweep } = await measure(services, 1, "memory");
    rows.push([`${services} unchanged images`, sweep.passes, sweep.total.registry, sweep.total.github]);
    promise(`1 registry request for each of ${services} unchanged images`, sweep.total.registry <= services);
  }
  printTable("A sweep over unchanged images (promised: 1 request for each)", [
    ["", "passes", "asked of the registry", "requests to GitHub"],
    ...rows,
  ]);
}

async function passes(): Promise<void> {
  const rows: (readonly (string | number)[])[] = [];
  const memory: (readonly (string | number)[])[] = [];
  for (const services of [20, 2_000]) {
    const { cold, unchanged, opening } = await measure(services, 1, "embedded");
    const name = `${services.toLocaleString("en")} services`;
    rows.push([`${name}, first look`, cold.passes, seconds(cold.total), cold.total.github, cold.total.registry]);
    rows.push([`${name}, longest of these`, 1, cold.longest / 1_000, "", ""]);
    rows.push([`${name}, unchanged`, 1, seconds(unchanged), unchanged.github, unchanged.registry]);
    rows.push([`${name}, a new version`, 1, seconds(opening), opening.github, opening.registry]);
    const inMemory = (await measure(services, 1, "memory")).memory;
    memory.push([name, Math.round(inMemory.before), Math.round(inMemory.peak)]);
    promise(`a pass over ${name} within a minute`, cold.longest < 60_000);
  }
  const head = ["3 environments each", "passes", "seconds", "requests to GitHub", "to the registry"];
  printTable("Passes, on the embedded database", [head, ...rows]);
  const columns = ["3 environments each", "before the first pass", "at the most"];
  printTable("Memory of the process in MiB, without the embedded database (caches in memory)", [columns, ...memory]);
}

function seconds({ milliseconds }: { readonly milliseconds: number }): number {
  return milliseconds / 1_000;
}

async function live(): Promise<void> {
  const rows: (readonly (string | number)[])[] = [];
  for (const environments of [20, 500]) {
    const quiet = await measureQuietPass(environments);
    rows.push([
      `${environments} environments on one Argo CD`,
      quiet.github,
      quiet.lists,
      quiet.otherLiveReads,
      quiet.milliseconds / 1_000,
    ]);
    promise(`one list for ${environments} environments`, quiet.lists === 1 && quiet.otherLiveReads === 0);
    promise(`1 request to GitHub for an unchanged pass with live`, quiet.github === 1);
  }
  const head = ["a quiet world", "requests to GitHub", "lists", "other live reads", "seconds"];
  printTable("A pass that follows what runs (promised: 1, 1, none)", [head, ...rows]);
  const { requests, contentCreating, commentWrites } = await measureFollowing();
  printTable("From a merge to health: merged, reconciling, synced, healthy (promised: a comment written four times)", [
    ["", "figure"],
    ["requests besides the question of every pass", requests],
    ["of these creating content", contentCreating],
    ["of these writing the comment", commentWrites],
  ]);
  promise("one write of the comment for each change", commentWrites <= 4);
}

async function edits(): Promise<void> {
  const figures = benchEdits();
  const { large } = figures;
  printTable("Edits of generated files as teams write them", [
    ["", "figure"],
    ["files", figures.files],
    ["edited", figures.edited],
    ["refused", figures.refused],
    ["refused without a reason", figures.refusedWithoutReason],
    ["values changed", figures.values],
    ["wrong values", figures.wrongValues],
    ["bytes changed outside of values", figures.bytesChangedOutsideValues],
    ["milliseconds a file, with the proof", figures.meanMilliseconds],
  ]);
  printTable("One file of many documents", [
    ["", "figure"],
    ["bytes", large.bytes],
    ["documents", large.documents],
    ["of these parsed", large.parsedDocuments],
    ["milliseconds to find", large.findMilliseconds],
    ["milliseconds to edit, with the proof", large.editMilliseconds],
  ]);
  promise("no byte outside of values", figures.bytesChangedOutsideValues === 0);
  promise("no wrong value", figures.wrongValues === 0);
  promise("every refusal explained", figures.refusedWithoutReason === 0);
}

async function deliveries(): Promise<void> {
  const figures = await benchDeliveries();
  const rows = figures.map(({ receiver, stored, perSecond, median, p99, rate }) => [
    receiver,
    stored ? "yes" : "no",
    perSecond,
    median,
    p99,
    rate,
  ]);
  const head = ["receiver", "stored", "a second", "median ms", "p99 ms", "beside Probot"];
  printTable("Signed deliveries of 20 KiB, acknowledged", [head, ...rows]);
}
