// After the story the world stays up: a tiny server by which the reader pushes images, changes clusters by hand and reads
// pull requests in a terminal, and a page of things to try, each with a command that works as it stands.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ALL_ENVIRONMENTS, CONFIG_REPOSITORY, FIRST_VERSIONS } from "./config-repository.ts";
import { findIssues } from "./find-told.ts";
import { nameOf } from "./narrator.ts";
import { REVIEWER } from "./people.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { showChange } from "./show-change.ts";
import { showOutcome } from "./show-outcome.ts";
import { openPromotion, push, type Stage } from "./stage.ts";
import { createTerminal } from "./terminal.ts";

export interface Playing {
  readonly instructions: readonly string[];
  end(): Promise<void>;
}

const PLAIN = createTerminal({ colours: false });
const AS_REVIEWER = `-H 'authorization: Bearer user:${REVIEWER}'`;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

const USAGE =
  "There is GET /, GET /pulls, GET /pulls/<number>, GET /issues/<number>, POST /push/<image>:<tag>, " +
  "POST /break/<image>:<tag> and POST /edit/<pipeline>/<environment>.";

export async function startPlay(stage: Stage): Promise<Playing> {
  const server = createServer((request, response) => void answer(stage, { request, response }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    instructions: instruct(stage, url),
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  stage: Stage,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { status, lines } = await findAnswer(stage, request).catch((error: unknown) => ({
    status: 500,
    lines: [error instanceof Error ? error.message : String(error)],
  }));
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${lines.join("\n")}\n`);
}

interface Answer {
  readonly status: number;
  readonly lines: readonly string[];
}

async function findAnswer(stage: Stage, { method, url = "/" }: IncomingMessage): Promise<Answer> {
  const [, how = "", name = "", tag = ""] = /^\/(push|break)\/([^/:]+):([^/]+)$/.exec(url) ?? [];
  if (method === "POST" && name !== "") return pushImage(stage, { name, tag, broken: how === "break" });
  const edited = /^\/edit\/([^/]+\/[^/]+)$/.exec(url)?.[1];
  if (method === "POST" && edited !== undefined) return editByHand(stage, edited);
  const number = /^\/(?:pulls|issues)\/(\d+)$/.exec(url)?.[1];
  if (method === "GET" && number !== undefined) return showConversation(stage, Number(number));
  if (method === "GET" && url === "/pulls") return listPullRequests(stage);
  if (method === "GET" && url === "/") return { status: 200, lines: showOutcome(stage.world, PLAIN) };
  return { status: 404, lines: [USAGE] };
}

interface PushedImage {
  readonly name: string;
  readonly tag: string;
  /** Its pods do not come up. */
  readonly broken: boolean;
}

async function pushImage(stage: Stage, { name, tag, broken }: PushedImage): Promise<Answer> {
  const known = Object.keys(FIRST_VERSIONS);
  if (!known.includes(name)) return { status: 404, lines: [`The images of this demo are ${known.join(", ")}.`] };
  if (!TAG.test(tag)) return { status: 400, lines: ["A tag has letters, digits, dots, dashes and underscores."] };
  if (broken) stage.world.clusters.breakVersion(`${name}:${tag}`);
  const digest = await push(stage, { name, tag });
  return { status: 201, lines: [`acme/${name}:${tag}@${digest}`] };
}

function editByHand({ world: { clusters, github }, narrator }: Stage, named: string): Answer {
  const environment = ALL_ENVIRONMENTS.find((each) => each === named);
  if (environment === undefined)
    return { status: 404, lines: [`The environments of this demo are ${ALL_ENVIRONMENTS.join(", ")}.`] };
  narrator.say({ who: "somebody", text: `runs kubectl edit in ${environment.replace("/", "-")}: now 7 replicas` });
  clusters.editByHand(environment, { pointer: "/spec/replicas", value: 7 });
  const labels = `${github.url}/repos/${CONFIG_REPOSITORY}/issues/<number>/labels`;
  const lines = [
    `In ${environment} somebody has set the replicas to 7. To have Argo CD put it right, label the issue that opens:`,
    `curl -so /dev/null ${AS_REVIEWER} -d '{"labels":["stagecoach/sync"]}' ${labels}`,
  ];
  return { status: 200, lines };
}

function listPullRequests({ world: { github } }: Stage): Answer {
  const open = github.pullRequests({ repository: CONFIG_REPOSITORY, state: "open" });
  if (open.length === 0) return { status: 200, lines: ["No pull request is open."] };
  return { status: 200, lines: open.map(({ number, title }) => `#${number} ${title}`) };
}

function showConversation({ world: { github } }: Stage, number: number): Answer {
  const found = [...github.pullRequests({ repository: CONFIG_REPOSITORY }), ...findIssues(github)];
  const conversation = found.find((each) => each.number === number);
  if (conversation === undefined) return { status: 404, lines: [`There is no #${number}.`] };
  const { title, body, comments } = conversation;
  const render = (text: string) => renderMarkdown(text, { ...PLAIN, unfold: true });
  const isMerged = conversation.kind === "pull-request" && conversation.mergedAt !== undefined;
  const change = conversation.kind === "pull-request" ? ["", ...showChange(conversation, PLAIN)] : [];
  const said = comments.flatMap((comment) => ["", `── ${nameOf(comment.author.login)}`, "", ...render(comment.body)]);
  const state = isMerged ? "merged" : conversation.state;
  return { status: 200, lines: [`#${number} ${title} (${state})`, "", ...render(body ?? ""), ...change, ...said] };
}

function instruct(stage: Stage, url: string): readonly string[] {
  const { github } = stage.world;
  const { paint } = stage.narrator.terminal;
  const api = `${github.url}/repos/${CONFIG_REPOSITORY}`;
  const web = openPromotion(stage, "web/prod")?.number ?? 1;
  const cart = openPromotion(stage, "cart/prod")?.number ?? 1;
  const clone = `${github.url.replace("://", `://user:${REVIEWER}@`)}/${CONFIG_REPOSITORY}`;
  const rows: readonly (readonly [string, string])[] = [
    ["push a release: it travels to live and waits there", `curl -X POST ${url}/push/checkout:1.9.0`],
    ["push one that the policy does not take (<2.0): nothing moves", `curl -X POST ${url}/push/checkout:2.0.0`],
    ["push one that does not come up: it stops at dev", `curl -X POST ${url}/break/web:5.1.1`],
    ["change a cluster by hand, and read the issue", `curl -X POST ${url}/edit/checkout/live`],
    ["push one after the declined: prod is asked again", `curl -X POST ${url}/push/mail:0.10.1`],
    ["see what is open, and read one with all its folded parts", `curl ${url}/pulls ${url}/pulls/${web}`],
    ["merge one as maria", `curl -X PUT ${AS_REVIEWER} -d '{"merge_method":"squash"}' ${api}/pulls/${web}/merge`],
    [
      "decline one as maria",
      `curl -so /dev/null -w '%{http_code}\\n' -X PATCH ${AS_REVIEWER} -d '{"state":"closed"}' ${api}/pulls/${cart}`,
    ],
    ["see what runs where", `curl ${url}/`],
    [
      "ask the stand-in as you would ask GitHub",
      `curl -s ${AS_REVIEWER} '${api}/pulls?state=open' | grep -o '"title":"Promote[^"]*'`,
    ],
    ["clone the config repository as maria", `git clone ${clone}`],
    [
      "roll back with git alone, what you merged for example: that version is not offered there again",
      "git -C platform-config -c user.name=maria -c user.email=maria@acme.example revert --no-edit HEAD && " +
        "git -C platform-config push",
    ],
  ];
  return [
    "",
    paint("bold", "Now it is yours. In another terminal:"),
    "",
    ...rows.flatMap(([what, command]) => [`  ${what}`, `    ${paint("cyan", command)}`, ""]),
    "What happens is told here. Ctrl-C ends it.",
  ];
}
