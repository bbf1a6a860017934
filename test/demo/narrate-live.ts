// Turns what happens after a merge into lines of the story: what Argo CD does, and what Stagecoach says of it on GitHub,
// in the comment that follows a pull request, in deployments and in issues about drift. Told because it was seen there.

import type { Announcement, CommentAnnouncement, IssueAnnouncement } from "../github/model/announcement.ts";
import type { Deployment, DeploymentStatus } from "../github/model/check.ts";
import type { ClusterEvent, Clusters } from "./clusters.ts";
import { frameMarkdown } from "./frame-markdown.ts";
import type { Telling } from "./narrate-events.ts";
import { indent, type Narrator, nameOf, STAGECOACH } from "./narrator.ts";
import { wrap } from "./terminal.ts";

const ARGOCD = "Argo CD";
/** What is told of every promotion; the steps on the way only of the first. */
const ENDS = /^(?:healthy|degraded|drifted)$/;

export function narrateLive(telling: Telling & { readonly clusters: Pick<Clusters, "listeners"> }): void {
  telling.clusters.listeners.add((event) => tellOfCluster(event, telling));
  telling.github.model.listeners.add((announcement: Announcement) => {
    if (announcement.event === "issue_comment") tellOfComment(announcement, telling);
    else if (announcement.event === "issues") tellOfIssue(announcement, telling);
    else if (announcement.event === "deployment_status") tellOfDeployment(announcement, telling);
  });
}

function tellOfCluster(event: ClusterEvent, { narrator, detail }: Telling): void {
  const { application } = event;
  const say = (text: string) => narrator.say({ who: ARGOCD, text });
  const inFull = detail() !== "places";
  switch (event.kind) {
    case "syncs":
      if (inFull) say(`applies commit ${event.commit.slice(0, 7)} in ${application}`);
      return;
    case "healthy":
      if (inFull) say(`finds ${application} healthy`);
      return;
    case "degraded":
      say(`finds ${application} degraded: ${event.message}`);
      return;
    case "differs":
      say(`finds that ${application} is not what Git says`);
      return;
    case "syncs-as-asked":
      say(`syncs ${application}, because it was asked to`);
  }
}

interface Stage {
  /** The last word of the present: `healthy`. */
  readonly name: string;
  /** `⏳ merged → reconciling`: what has been, up to now. */
  readonly way: string;
  readonly reason: string;
}

function tellOfComment({ action, comment, sender }: CommentAnnouncement, { narrator, detail }: Telling): void {
  const { terminal } = narrator;
  const who = nameOf(sender.login);
  const number = terminal.paint("bold", `#${comment.conversation.number}`);
  const quote = () => narrator.show(["", ...frameMarkdown(comment.body, terminal), ""]);
  const stage = readStage(comment.body);
  if (stage === undefined) {
    if (action !== "created") return;
    narrator.say({ who, text: `comments on ${number}:` });
    quote();
    return;
  }
  const inFull = detail() === "body";
  if (!inFull && !ENDS.test(stage.name)) return;
  const short = `${stage.way.slice(0, stage.way.indexOf(" "))} ${stage.name}`;
  narrator.say({ who, text: `says on ${number}: ${detail() === "places" ? short : stage.way}` });
  if (stage.name !== "healthy") narrator.show(remark(stage.reason, narrator));
  else if (inFull) quote();
}

function readStage(body: string): Stage | undefined {
  const name = /<!-- stagecoach:live ([a-z-]+)\./.exec(body)?.[1];
  const [first = "", reason = ""] = body.split("\n\n");
  const way = /· (.*?\*\*[^*]+\*\*)/.exec(first)?.[1]?.replaceAll("*", "");
  return name === undefined || way === undefined ? undefined : { name, way, reason };
}

function remark(text: string, { terminal }: Narrator): readonly string[] {
  const width = terminal.width - indent([""]).join("").length;
  return indent(wrap(text.replaceAll("`", ""), width).map((line) => terminal.paint("dim", line)));
}

function tellOfIssue({ action, issue, label, sender }: IssueAnnouncement, { narrator }: Telling): void {
  const who = nameOf(sender.login);
  const number = narrator.terminal.paint("bold", `#${issue.number}`);
  if (action === "opened") {
    narrator.say({ who, text: `opens issue ${number}: ${issue.title}` });
    narrator.show(["", ...frameMarkdown(issue.body ?? "", narrator.terminal), ""]);
  }
  if (action === "labeled" && who !== STAGECOACH)
    narrator.say({ who, text: `puts the label ${label?.name ?? "?"} on ${number}` });
  if (action === "closed") narrator.say({ who, text: `closes issue ${number}: ${issue.title}` });
}

function tellOfDeployment(
  { deployment, status }: { readonly deployment: Deployment; readonly status: DeploymentStatus },
  { narrator, detail }: Telling,
): void {
  if (detail() === "places" || status.state !== "success") return;
  narrator.say({ who: STAGECOACH, text: `sets the deployment ${deployment.environment} to ${status.state}` });
}
