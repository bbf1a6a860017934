// Names as Kubernetes has them, and the shapes of what refers to objects: shared by both formats of reports.

import type { ObjectReference } from "../../domain/object-reference.ts";
import { objectOf, prose, textLike, wholeNumber } from "./json-shape.ts";

export const apiVersion = textLike(/^(?:[a-z0-9.-]{1,253}\/)?[a-z0-9]{1,63}$/, {
  most: 320,
  says: "an API version such as apps/v1",
});
export const objectKind = textLike(/^[A-Za-z][A-Za-z0-9]{0,62}$/, { most: 63, says: "a kind such as Deployment" });
export const namespace = textLike(/^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/, { most: 63, says: "a namespace" });
export const objectName = textLike(/^[A-Za-z0-9](?:[A-Za-z0-9.:_-]{0,251}[A-Za-z0-9])?$/, {
  most: 253,
  says: "the name of an object",
});
export const uid = textLike(/^[A-Za-z0-9-]{1,64}$/, { most: 64, says: "a uid" });
export const generation = wholeNumber("a generation");
export const sourceId = textLike(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/, {
  most: 60,
  says: "the id of a live source of Stagecoach",
});
export const reportId = textLike(/^[A-Za-z0-9._-]{8,100}$/, {
  most: 100,
  says: "an id of 8 to 100 letters, digits, dots, dashes and underscores, another one for each report, such as a UUID",
});
export const fieldPath = textLike(/^(?:\/[^\p{Cc}]*)?$/u, {
  most: 1_000,
  says: "a JSON pointer such as /spec/replicas, or empty for the object as a whole",
});
/** A tool's name, a subresource, a reason: short, and in somebody else's words. */
export const shortText = prose(200);

export const objectReference = objectOf<ObjectReference>(
  { apiVersion, kind: objectKind, name: objectName },
  { namespace, uid, generation },
);

/** Who made a report. */
export interface ReportMaker {
  readonly name: string;
  readonly version: string;
  /** In its own words; who it is, its signature or its token says. */
  readonly subject?: string;
}

export const reportMaker = objectOf<ReportMaker>({ name: prose(100), version: prose(100) }, { subject: prose(300) });
