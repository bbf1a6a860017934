// After the story the world stays up: a tiny server by which the reader pushes images and reads pull requests in a terminal,
// and a page of things to try, each with a command that works as it stands.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CONFIG_REPOSITORY, FIRST_VERSIONS } from "./config-repository.ts";
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
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

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
  const [, name = "", tag = ""] = /^\/push\/([^/:]+):([^/]+)$/.exec(url) ?? [];
  if (method === "POST" && name !== "") return pushImage(stage, { name, tag });
  const number = /^\/pulls\/(\d+)$/.exec(url)?.[1];
  if (method === "GET" && number !== undefined) return showPullRequest(stage, Number(number));
  if (method === "GET" && url === "/pulls") return listPullRequests(stage);
  if (method === "GET" && url === "/") return { status: 200, lines: showOutcome(stage.world, PLAIN) };
  return { status: 404, lines: ["There is GET /, GET /pulls, GET /pulls/<number> and POST /push/<image>:<tag>."] };
}

async function pushImage(stage: Stage, image: { readonly name: string; readonly tag: string }): Promise<Answer> {
  const known = Object.keys(FIRST_VERSIONS);
  if (!known.includes(image.name)) return { status: 404, lines: [`The images of this demo are ${known.join(", ")}.`] };
  if (!TAG.test(image.tag)) return { status: 400, lines: ["A tag has letters, digits, dots, dashes and underscores."] };
  const digest = await push(stage, image);
  return { status: 201, lines: [`acme/${image.name}:${image.tag}@${digest}`] };
}

function listPullRequests({ world: { github } }: Stage): Answer {
  const open = github.pullRequests({ repository: CONFIG_REPOSITORY, state: "open" });
  if (open.length === 0) return { status: 200, lines: ["No pull request is open."] };
  return { status: 200, lines: open.map(({ number, title }) => `#${number} ${title}`) };
}

function showPullRequest({ world: { github } }: Stage, number: number): Answer {
  const pull = github.pullRequests({ repository: CONFIG_REPOSITORY }).find((each) => each.number === number);
  if (pull === undefined) return { status: 404, lines: [`There is no pull request #${number}.`] };
  const state = pull.mergedAt === undefined ? pull.state : "merged";
  const body = renderMarkdown(pull.body ?? "", { ...PLAIN, unfold: true });
  return { status: 200, lines: [`#${number} ${pull.title} (${state})`, "", ...body, "", ...showChange(pull, PLAIN)] };
}

function instruct(stage: Stage, url: string): readonly string[] {
  const { github } = stage.world;
  const { paint } = stage.narrator.terminal;
  const api = `${github.url}/repos/${CONFIG_REPOSITORY}`;
  const web = openPromotion(stage, "web/prod")?.number ?? 1;
  const search = openPromotion(stage, "search/prod")?.number ?? 1;
  const as = `-H 'authorization: Bearer user:${REVIEWER}'`;
  const clone = `${github.url.replace("://", `://user:${REVIEWER}@`)}/${CONFIG_REPOSITORY}`;
  const rows: readonly (readonly [string, string])[] = [
    ["push a release: it travels to live and waits there", `curl -X POST ${url}/push/checkout:1.10.0`],
    ["push one that the policy does not take (<2.0): nothing moves", `curl -X POST ${url}/push/checkout:2.0.0`],
    ["push one after the declined: prod is asked again", `curl -X POST ${url}/push/mail:0.10.1`],
    ["see what is open, and read one with all its folded parts", `curl ${url}/pulls ${url}/pulls/${web}`],
    ["merge one as maria", `curl -X PUT ${as} -d '{"merge_method":"squash"}' ${api}/pulls/${web}/merge`],
    [
      "decline one as maria",
      `curl -so /dev/null -w '%{http_code}\\n' -X PATCH ${as} -d '{"state":"closed"}' ${api}/pulls/${search}`,
    ],
    ["see what runs where", `curl ${url}/`],
    [
      "ask the stand-in as you would ask GitHub",
      `curl -s ${as} '${api}/pulls?state=open' | grep -o '"title":"Promote[^"]*'`,
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
