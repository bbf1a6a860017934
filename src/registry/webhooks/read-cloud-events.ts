// CloudEvents in an HTTP message: structured, batch, or binary with its attributes in `ce-` headers. Only the envelope is
// read here; what the data means is each receiver's own.
// Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

import { type Json, type Malformed, malformed, readBody, readBodyList } from "./read-body.ts";
import type { Delivery } from "./receiver.ts";

export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject?: string;
  /** What its data is where that is JSON; anything else is no data. */
  readonly data: unknown;
}

export type CloudEvents = { readonly kind: "events"; readonly events: readonly CloudEvent[] } | Malformed;

/** A batch is a list, binary is told by its headers, and anything else is structured: senders forget the content type. */
export function readCloudEvents({ headers, body }: Pick<Delivery, "headers" | "body">): CloudEvents {
  if (headers["ce-specversion"] !== undefined) return readBinary({ headers, body });
  const read = readBodyList(body);
  return read.kind === "malformed" ? read : readAll(read.values);
}

function readBinary({ headers, body }: Pick<Delivery, "headers" | "body">): CloudEvents {
  const read = body.byteLength === 0 ? undefined : readBody(body);
  if (read?.kind === "malformed") return read;
  const names = ["specversion", "id", "type", "source", "subject"] as const;
  const attributes = names.flatMap((name) => {
    const value = headers[`ce-${name}`];
    return typeof value === "string" ? [[name, decode(value)] as const] : [];
  });
  return readAll([{ ...Object.fromEntries(attributes), data: read?.value }]);
}

function readAll(list: readonly Json[]): CloudEvents {
  const events: CloudEvent[] = [];
  for (const each of list) {
    const event = readOne(each);
    if (event === undefined) {
      return malformed("it is no CloudEvent 1.0: `specversion`, `id`, `source` and `type` are needed");
    }
    events.push(event);
  }
  return { kind: "events", events };
}

function readOne({ specversion, id, source, type, subject, data }: Json): CloudEvent | undefined {
  if (specversion !== "1.0") return undefined;
  const [readId, readSource, readType] = [id, source, type].map(attribute);
  if (readId === undefined || readSource === undefined || readType === undefined) return undefined;
  const about = attribute(subject);
  return { id: readId, source: readSource, type: readType, ...(about !== undefined && { subject: about }), data };
}

function attribute(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 1024 ? value : undefined;
}

/** Headers carry what is not printable ASCII with percent signs. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return value;
  }
}
