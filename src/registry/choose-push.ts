// Decides whether a name may be written to a registry, and as whom. Reading is one thing, writing another: only where the
// operator's line says `push`, only tags that one of its patterns matches as a whole, and nothing without a line.

import { isTag, normaliseImageName, registryOf, repositoryOf } from "../domain/image-name.ts";
import { known, type Seen, unknown } from "../domain/seen.ts";
import type { RegistrySettings } from "../domain/settings.ts";
import { type Access, type AccessRules, accessBy, chooseLine } from "./choose-access.ts";
import type { ImageRequest } from "./registry.ts";

export interface PushRules extends AccessRules {
  /** Whether the pattern, of RE2's language, matches the whole tag. */
  readonly matchesTag: (pattern: string, tag: string) => boolean;
}

export interface PushAccess {
  readonly access: Access;
  /** Bytes that one copy may send. */
  readonly most: number;
}

/** Unknown: it may not, with the reason as a clause. */
export function choosePush(
  { image, asker, tag }: ImageRequest & { readonly tag: string },
  rules: PushRules,
): Seen<PushAccess> {
  if (normaliseImageName(image) !== image) return unknown(`\`${image.slice(0, 80)}\` is not the name of an image`);
  if (!isTag(tag)) return unknown(`\`${tag.slice(0, 80)}\` is not a tag`);
  const line = chooseLine({ image, asker }, rules);
  if (line?.push === undefined) return unknown(whyNotAtAll({ image, asker, line }));
  const { push } = line;
  if (!push.tags.some((pattern) => rules.matchesTag(pattern, tag))) {
    const patterns = push.tags.slice(0, 5).map((pattern) => `\`${pattern}\``);
    return unknown(
      `the operator's settings let only tags be written to ${registryOf(image)} that match ${patterns.join(" or ")}`,
    );
  }
  const access = accessBy(line, image);
  if (access.kind === "unknown") return access;
  const auth = push.auth ?? line.auth;
  const { auth: _reading, ...place } = access.value;
  return known({ access: { ...place, ...(auth !== undefined && { auth }), writes: {} }, most: push.most });
}

function whyNotAtAll({
  image,
  asker,
  line,
}: Pick<ImageRequest, "image" | "asker"> & { readonly line: RegistrySettings | undefined }): string {
  const [host, repository] = [registryOf(image), repositoryOf(image)];
  const cure =
    line === undefined
      ? `one like \`{ host: "${host}", for: ["${asker}"], push: { tags: ["v.*"] } }\` would`
      : '`push: { tags: ["v.*"] }` in the line of that registry would';
  return `no line of \`registries\` in the operator's settings lets ${asker} write to ${repository} at ${host}; ${cure}`;
}
