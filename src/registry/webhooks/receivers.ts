// The receivers by the kind that the operator wrote down. A new vendor is a file beside this one and a line here.

import type { WebhookKind } from "../../domain/settings.ts";
import { readAcr } from "./acr.ts";
import { readAliyun } from "./aliyun.ts";
import { readCdEvents } from "./cdevents.ts";
import { readCloudEventsWebhook } from "./cloudevents.ts";
import { readDistribution } from "./distribution.ts";
import { readDockerhub } from "./dockerhub.ts";
import { readEcr } from "./ecr.ts";
import { readArtifactRegistry } from "./gar.ts";
import { readGeneric } from "./generic.ts";
import { readGhcr } from "./ghcr.ts";
import { readGitea } from "./gitea.ts";
import { readHarbor } from "./harbor.ts";
import { readJfrog } from "./jfrog.ts";
import { readNexus } from "./nexus.ts";
import { readQuay } from "./quay.ts";
import type { ReceiverRow } from "./receiver.ts";
import { readZot } from "./zot.ts";

export const RECEIVERS: Readonly<Record<WebhookKind, ReceiverRow>> = {
  dockerhub: { read: readDockerhub },
  ghcr: { read: readGhcr },
  harbor: { read: readHarbor },
  quay: { read: readQuay },
  acr: { read: readAcr, shakesHands: true },
  jfrog: { read: readJfrog },
  nexus: { read: readNexus },
  gitlab: { read: readDistribution },
  gitea: { read: readGitea },
  forgejo: { read: readGitea },
  zot: { read: readZot },
  aliyun: { read: readAliyun },
  gar: { read: readArtifactRegistry },
  ecr: { read: readEcr },
  cloudevents: { read: readCloudEventsWebhook, shakesHands: true },
  cdevents: { read: readCdEvents, shakesHands: true },
  distribution: { read: readDistribution },
  generic: { read: readGeneric },
};
