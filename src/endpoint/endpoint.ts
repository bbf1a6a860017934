// The port to the operator's endpoints: programs of their own that say whether a release may go on. Whatever is no proper
// answer is unknown with the reason; nothing here throws for a failure of an endpoint.

import type { EndpointAnswer, EndpointQuestion } from "../domain/endpoint.ts";
import type { Seen } from "../domain/seen.ts";

export interface Endpoints {
  ask(request: EndpointRequest): Promise<EndpointReply>;
}

export interface EndpointRequest {
  /** `owner/name` of the config repository that asks: an endpoint serves only those that the operator named in `for`. */
  readonly asker: string;
  readonly question: EndpointQuestion;
}

export interface EndpointReply {
  readonly answer: Seen<EndpointAnswer>;
  /** For how long the question is not asked again; milliseconds. */
  readonly every: number;
}
