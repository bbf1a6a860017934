// `stagecoach send-event`: tries a webhook of the settings file. Makes what its sender would send for a push, sends it to a
// Stagecoach that runs, and says in words what came of it. Secrets are sent and never shown.

import { randomUUID } from "node:crypto";
import { readAddress } from "../config/read-environment.ts";
import { parseImageReference } from "../domain/image-name.ts";
import type { SampleDelivery } from "../registry/webhooks/sample.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { complainAboutUsage, defineCommand } from "./define-command.ts";
import { gatherSettings, SETTINGS_OPTION } from "./gather-settings.ts";
import type { Given } from "./read-arguments.ts";
import { tellAnswer } from "./tell-answer.ts";

const ABOUT = `
Sends what the sender of this webhook would send for a push of that tag, in its own format and proven as it proves
itself, and says what Stagecoach answers: stored, ignored and why, or refused and why. What it stores is a hint like any
other: Stagecoach looks at the image in its registry, and does nothing that it would not have done at its next look.

The webhook is a line of \`webhooks\` in the settings file, its secret comes from the variable that the line names. Where
only the real sender can sign (Pub/Sub, Amazon SNS, tokens of build jobs), it says how to make that one send.

Exit code: 0 when it was stored, or would be sent; 1 when it was ignored, refused or not answered, or cannot be signed;
2 when it was called wrongly.`;

export const sendEvent = defineCommand({
  name: "send-event",
  summary: "tries a webhook of a registry with a signed sample",
  usage: ["<webhook id> <image>:<tag>[@<digest>] [options]"],
  mostPositionals: 2,
  about: ABOUT,
  options: [
    { name: "url", value: "<address>", description: "where Stagecoach listens; http://HOST:PORT unless given" },
    SETTINGS_OPTION,
    { name: "dry-run", description: "prints what would be sent, without the secret, and sends nothing" },
  ],
  run,
});

async function run(context: CommandContext, given: Given): Promise<ExitCode> {
  const usage = (why: string) => complainAboutUsage(context, { command: "send-event", why });
  const [id, written] = given.positionals;
  const reference = written === undefined ? undefined : parseImageReference(written);
  if (id === undefined) return usage("Name a webhook of the settings file first, by its id.");
  if (reference?.tag === undefined) return usage("Name what was pushed second: `<image>:<tag>`.");
  const { image, tag, digest } = reference;
  const base = baseOf(context, given.text("url"));
  if (base === undefined) return usage("Say with --url <address> where Stagecoach listens: `https://…` or `http://…`.");
  const gathered = await gatherSettings(context, {
    file: given.text("settings") ?? context.variables.STAGECOACH_SETTINGS,
  });
  if (gathered.kind === "wrong") return usage(gathered.paragraphs.join("\n\n"));
  const { webhooks } = gathered.settings;
  const settings = webhooks.find((each) => each.id === id);
  if (settings === undefined)
    return usage(
      describeMissing(
        id,
        webhooks.map((each) => each.id),
      ),
    );
  const { samples } = context.adapters;
  const request = { settings, image, tag, ...(digest !== undefined && { digest }), now: Date.now() };
  const sample = samples.make({ ...request, id: `sample-${randomUUID()}` });
  switch (sample.kind) {
    case "foreign":
      context.complain(`Nothing was sent: ${sample.why} Its line in the settings says for what it does.`);
      return 1;
    case "unsignable":
      context.complain(`Nothing was sent. ${sample.instead}`);
      return 1;
    case "delivery":
      if (given.has("dry-run")) return show(context, { id, sample });
      return tellAnswer(context, { id, image: `${image}:${tag}`, answer: await samples.send(sample, { base, id }) });
  }
}

function baseOf({ variables }: CommandContext, written: string | undefined): string | undefined {
  const base = written ?? readAddress(variables);
  const url = base === undefined ? null : URL.parse(base);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return undefined;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "" ? url.href : undefined;
}

function describeMissing(id: string, known: readonly string[]): string {
  const others = known.length === 0 ? "It has none." : `It has ${known.map((each) => `\`${each}\``).join(", ")}.`;
  return `The settings file has no webhook \`${id}\`. ${others} STAGECOACH_SETTINGS or --settings names the file.`;
}

function show(
  { print }: CommandContext,
  { id, sample }: { readonly id: string; readonly sample: SampleDelivery },
): ExitCode {
  const hidden = Object.keys(sample.proof).map((name) => `${name}: …`);
  const headers = Object.entries(sample.headers).map(([name, value]) => `${name}: ${value}`);
  const path = `/hooks/registry/${id}${sample.secretInPath === undefined ? "" : "/…"}`;
  print([`POST ${path}`, ...headers, ...hidden, "", sample.body].join("\n"));
  return 0;
}
