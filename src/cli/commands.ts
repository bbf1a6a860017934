// All commands, in the order in which `stagecoach --help` and the documentation show them.

import type { Command } from "./command.ts";
import { demo } from "./demo.ts";
import { history } from "./history.ts";
import { live } from "./live.ts";
import { plan } from "./plan.ts";
import { record } from "./record.ts";
import { report } from "./report.ts";
import { retag } from "./retag.ts";
import { sendEvent } from "./send-event.ts";
import { serve } from "./serve.ts";
import { VALIDATE_HELP, validate } from "./validate.ts";
import { versions } from "./versions.ts";

const validateCommand: Command = {
  name: "validate",
  summary: "checks pipeline files, without asking anybody",
  help: VALIDATE_HELP,
  run: validate,
};

export const COMMANDS: readonly Command[] = [
  serve,
  demo,
  validateCommand,
  plan,
  versions,
  retag,
  live,
  history,
  record,
  report,
  sendEvent,
];
