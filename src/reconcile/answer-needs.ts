// Answers what the planner found missing, so that it can decide: facts from the registry, the files of a head, and the
// edit that a promotion would make. Decides nothing itself.

import type { NamingRight } from "../domain/copy-outcome.ts";
import { editKey, type HeadFile, jointEditKey, type Observed } from "../domain/observed.ts";
import type { EditResult } from "../domain/place.ts";
import type { Need } from "../domain/plan.ts";
import { nameKey } from "../domain/retag-image.ts";
import { type SandboxReading, sandboxKey } from "../domain/sandbox.ts";
import { known, type Seen } from "../domain/seen.ts";
import type { RepositoryReference } from "../forge/forge.ts";
import { answerEndpointNeeds, isEndpointNeed } from "./answer-endpoint-needs.ts";
import { answerLiveNeeds, isLiveNeed } from "./answer-live-needs.ts";
import { answerPeopleNeeds, isPeopleNeed } from "./answer-people-needs.ts";
import { answerSignatureNeeds, isSignatureNeed } from "./answer-signature-needs.ts";
import { answerSourceNeeds, isSourceNeed } from "./answer-source-needs.ts";
import { answerToldNeeds, isToldNeed } from "./answer-told-needs.ts";
import { computeEdit, computeJointEdit } from "./compute-edit.ts";
import type { Observation } from "./observe.ts";
import { isRegistryNeed, readImages } from "./read-images.ts";
import { readSandbox } from "./read-sandbox.ts";
import type { Shell } from "./shell.ts";

interface Answering {
  readonly observation: Observation;
  readonly at: RepositoryReference;
  readonly shell: Shell;
}

export async function answerNeeds(needs: readonly Need[], answering: Answering): Promise<Observed> {
  const { observation, at, shell } = answering;
  const { observed } = observation;
  const registryNeeds = needs.filter(isRegistryNeed);
  const images =
    registryNeeds.length > 0 ? await readImages(observed.images, { needs: registryNeeds, at, shell }) : observed.images;
  const edits: Record<string, Seen<EditResult>> = {};
  const heads: Record<string, Seen<readonly HeadFile[]>> = {};
  const sandboxFields: Record<string, Seen<SandboxReading>> = { ...observed.sandboxFields };
  const namings: Record<string, NamingRight> = { ...observed.namings };
  const editing = { observed, indexOf: observation.indexOf, at, shell };
  for (const need of needs) {
    switch (need.kind) {
      case "edit":
        edits[editKey(need.key, need.release)] = await computeEdit(need, editing);
        break;
      case "joint-edit":
        edits[jointEditKey(need.parts)] = await computeJointEdit(need.parts, editing);
        break;
      case "head-files":
        heads[need.head] = await readHead(need.head, answering);
        break;
      case "sandbox-field":
        sandboxFields[sandboxKey(need)] = await readSandbox(need, {
          observed,
          indexOf: observation.indexOf,
          at,
          shell,
        });
        break;
      case "may-name":
        namings[nameKey(need)] = shell.registry.mayName({ ...need, asker: `${at.owner}/${at.name}` });
        break;
      case "tags":
      case "digest":
      case "created":
      case "platforms":
      case "revision":
      case "declared-at":
      case "children":
      case "drift":
      case "told":
      case "issues":
      case "removals":
      case "change":
      case "origin":
      case "reviews":
      case "person":
      case "membership":
      case "endpoint":
      case "signature":
      case "image-origin":
      case "source-history":
        break;
    }
  }
  return {
    ...observed,
    images,
    edits: { ...observed.edits, ...edits },
    heads: { ...observed.heads, ...heads },
    sandboxFields,
    namings,
    ...(await answerLiveNeeds(needs.filter(isLiveNeed), { observed, at, shell })),
    ...(await answerEndpointNeeds(needs.filter(isEndpointNeed), { observed, at, shell })),
    ...(await answerSignatureNeeds(needs.filter(isSignatureNeed), { observed, at, shell })),
    ...(await answerPeopleNeeds(needs.filter(isPeopleNeed), { observed, at, shell })),
    ...(await answerSourceNeeds(needs.filter(isSourceNeed), { observed, at, shell })),
    ...(await answerToldNeeds(needs.filter(isToldNeed), { observed, indexOf: observation.indexOf, at, shell })),
  };
}

/** A commit never changes what it holds. */
async function readHead(head: string, { at, shell }: Answering): Promise<Seen<readonly HeadFile[]>> {
  const cached = (await shell.store.cache.read("head-files", [head])).get(head);
  if (cached !== undefined) return known(JSON.parse(cached) as readonly HeadFile[]);
  const files = await shell.forge.readHeadFiles(at, head);
  await rememberHead(head, { files, shell });
  return known(files);
}

export async function rememberHead(
  head: string,
  { files, shell }: { readonly files: readonly HeadFile[]; readonly shell: Shell },
): Promise<void> {
  await shell.store.cache.write("head-files", new Map([[head, JSON.stringify(files)]]));
}
