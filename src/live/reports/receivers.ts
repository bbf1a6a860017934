// The receivers by what the operator wrote as `from`.

import type { ReportsSettings } from "../../domain/settings.ts";
import { receiveArgocd } from "./receive-argocd.ts";
import { receiveFlux } from "./receive-flux.ts";
import { receiveReporter } from "./receive-reporter.ts";
import type { LiveReceiver } from "./receiver.ts";

export const LIVE_RECEIVERS: Readonly<Record<ReportsSettings["from"], LiveReceiver>> = {
  argocd: receiveArgocd,
  flux: receiveFlux,
  reporter: receiveReporter,
};
