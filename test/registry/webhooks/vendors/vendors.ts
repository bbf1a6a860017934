// Every sender in the table. A new kind of webhook is a file beside this one and a line here.

import { acr, acrBearer, acrInPath } from "./acr.ts";
import { aliyun } from "./aliyun.ts";
import { cdevents } from "./cdevents.ts";
import { cloudevents, cloudeventsInPath } from "./cloudevents.ts";
import { distribution, distributionInPath, gitlab } from "./distribution.ts";
import { dockerhub } from "./dockerhub.ts";
import { ecr, ecrByKey, ecrInPath } from "./ecr.ts";
import { generic, genericBearer } from "./generic.ts";
import { ghcr } from "./ghcr.ts";
import { forgejo, gitea } from "./gitea.ts";
import { harbor } from "./harbor.ts";
import { jfrog, jfrogSigned } from "./jfrog.ts";
import { nexus } from "./nexus.ts";
import { quay } from "./quay.ts";
import type { Vendor } from "./vendor.ts";
import { zot, zotAsUser } from "./zot.ts";

export const VENDORS: readonly Vendor[] = [
  dockerhub,
  ghcr,
  harbor,
  quay,
  acr,
  acrInPath,
  acrBearer,
  jfrog,
  jfrogSigned,
  nexus,
  gitlab,
  gitea,
  forgejo,
  zot,
  zotAsUser,
  aliyun,
  distribution,
  distributionInPath,
  ecr,
  ecrByKey,
  ecrInPath,
  cloudevents,
  cloudeventsInPath,
  cdevents,
  generic,
  genericBearer,
];
