// Who sends a request: the app by its JSON web token, an installation by its token, a person by `user:<login>`.

import { createVerify } from "node:crypto";
import type { Actor, App } from "../model/identity.ts";
import { findUser } from "../model/manage-accounts.ts";
import type { Model } from "../model/model.ts";
import { isObject } from "./read-body.ts";
import { fail, type Reply } from "./reply.ts";

export type Authentication =
  | { readonly kind: "known"; readonly actor: Actor }
  | { readonly kind: "refused"; readonly reply: Reply };

export function authenticate(model: Model, header: string | undefined): Authentication {
  const credential = readCredential(header);
  if (credential === undefined) return { kind: "known", actor: { kind: "anonymous" } };
  if (credential.split(".").length === 3) return authenticateApp(model, credential);
  if (credential.startsWith("user:")) {
    const user = findUser(model, credential.slice("user:".length));
    return user === undefined ? refuse(401, "Bad credentials") : { kind: "known", actor: { kind: "user", user } };
  }
  const token = model.tokens.get(credential);
  if (token === undefined || Date.parse(token.expiresAt) <= model.credentialsNow().getTime())
    return refuse(401, "Bad credentials");
  const { installation } = token;
  if (!model.installations.has(installation.id)) return refuse(401, "Bad credentials");
  if (installation.suspendedAt !== undefined) return refuse(403, "This installation has been suspended");
  return { kind: "known", actor: { kind: "installation", installation, token } };
}

/** The secret of `Bearer x`, `token x`, or of Basic authentication, where git puts the token in the password. */
function readCredential(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\w+) +(.+)$/.exec(header ?? "") ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const [name, password] = [text.slice(0, colon), text.slice(colon + 1)];
  // git splits user:<login>@host at the colon
  return name === "user" ? `user:${password}` : password;
}

function authenticateApp(model: Model, jwt: string): Authentication {
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  const payload = readJson(claims);
  const app = [...model.apps.values()].find((candidate) => String(candidate.id) === String(payload?.iss));
  if (
    readJson(head)?.alg !== "RS256" ||
    payload === undefined ||
    !isSigned({ app, text: `${head}.${claims}`, signature })
  )
    return refuse(401, "A JSON web token could not be decoded");
  const now = Math.floor(model.credentialsNow().getTime() / 1000);
  const { iat, exp } = payload;
  // GitHub's clock and the sender's may differ by a minute
  if (typeof iat !== "number" || iat > now + 60)
    return refuse(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (typeof exp !== "number" || exp <= now)
    return refuse(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp > now + 660 || exp - iat > 660)
    return refuse(401, "'Expiration time' claim ('exp') is too far in the future");
  return app === undefined ? refuse(404, "Integration not found") : { kind: "known", actor: { kind: "app", app } };
}

function isSigned({
  app,
  text,
  signature,
}: {
  readonly app: App | undefined;
  readonly text: string;
  readonly signature: string;
}): boolean {
  if (app === undefined || app.publicKey === "") return false;
  return createVerify("RSA-SHA256").update(text).verify(app.publicKey, Buffer.from(signature, "base64url"));
}

function readJson(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuse(status: number, message: string): Authentication {
  return { kind: "refused", reply: fail(status, message) };
}
