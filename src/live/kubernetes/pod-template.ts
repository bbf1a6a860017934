// The containers that a workload's template asks for: where a kind keeps its template, and the images in it.

import { normaliseImageName, parseImageReference } from "../../domain/image-name.ts";
import type { KubernetesObject } from "../cluster/cluster.ts";
import { type Fields, fieldsAt, listAt, textAt } from "./read-fields.ts";

export interface TemplateContainer {
  readonly name: string;
  readonly image: string;
}

/** Of the containers that are started first, and of those that stay; the others are nobody's promotion. */
export const CONTAINER_LISTS = ["initContainers", "containers"] as const;

const MOST_CONTAINERS = 100;

export function imagesOf(workload: KubernetesObject): readonly TemplateContainer[] {
  const spec = podSpecOf(workload);
  const found = CONTAINER_LISTS.flatMap((list) => listAt(spec, list)).flatMap((container) => {
    const name = textAt(container, "name");
    const image = textAt(container, "image");
    return name === undefined || image === undefined ? [] : [{ name, image }];
  });
  return found.slice(0, MOST_CONTAINERS);
}

function podSpecOf(workload: KubernetesObject): Fields {
  switch (workload.kind) {
    case "Pod":
      return fieldsAt(workload, "spec");
    case "CronJob":
      return fieldsAt(workload, "spec.jobTemplate.spec.template.spec");
    default:
      return fieldsAt(workload, "spec.template.spec");
  }
}

/** `names` are normalised; a tag or a digest in the workload does not matter. */
export function carriesImage(workload: KubernetesObject, names: ReadonlySet<string>): boolean {
  return imagesOf(workload).some(({ image }) => {
    const name = parseImageReference(image)?.image;
    return name !== undefined && names.has(name);
  });
}

export function normaliseNames(images: readonly string[]): ReadonlySet<string> {
  return new Set(images.map((image) => normaliseImageName(image) ?? image));
}
