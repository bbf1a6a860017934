// The errors in the status of a RootSync or RepoSync, with their codes (KNV…), and which of them go away by themselves.

import type { Blocked } from "../../domain/live-state.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { cutText, LONGEST_MESSAGE, listAt, messageAt, numberAt, textAt } from "../kubernetes/read-fields.ts";
import { STATUS_BLOCKS, type StatusBlock } from "./sync-source.ts";

export interface SyncError extends Blocked {
  readonly block: StatusBlock;
}

/** What nothing but a commit or a person ends; everything else Config Sync tries again. */
const LASTING: ReadonlySet<string> = new Set(["1060", "2006"]);

export function findSyncErrors(object: KubernetesObject): readonly SyncError[] {
  return STATUS_BLOCKS.flatMap((block) => {
    const errors = listAt(object, `status.${block}.errors`).map((error) => readError(error, block));
    const total = numberAt(object, `status.${block}.errorSummary.totalCount`) ?? 0;
    if (errors.length > 0 || total === 0) return errors;
    const message = `${total} ${total === 1 ? "error" : "errors"} in ${block}, without details`;
    return [{ block, code: "KNV", message, retrying: true }];
  });
}

function readError(error: unknown, block: StatusBlock): SyncError {
  const code = /^\d{4}$/.exec(textAt(error, "code") ?? "")?.[0];
  const message = cleanMessage(messageAt(error, "errorMessage") ?? "no message is given");
  const isLasting = code !== undefined && (LASTING.has(code) || /^1/.test(code));
  return {
    block,
    code: code === undefined ? "KNV" : `KNV${code}`,
    message: explain(code, message),
    retrying: !isLasting,
  };
}

/** Every message ends with an address of the code's explanation. */
function cleanMessage(message: string): string {
  return message.replace(/\s*For more information, see [\s\S]*$/, "");
}

/** The refusal is forgotten by a restart, which nobody would guess from its words. */
function explain(code: string | undefined, message: string): string {
  if (code !== "2006") return message;
  return cutText(
    `${message} Undo that commit: after a restart of its reconciler Config Sync would delete them all the same.`,
    LONGEST_MESSAGE,
  );
}
