// A certificate for 127.0.0.1 that nobody vouches for, and its key, made anew each time: no key lies in the repository.
// Node makes keys and signatures; the few bytes of DER around them are written here.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];

/** `for` another key: then it is this key that is certified, by one that nobody keeps. */
export function makeCertificate({ for: certified }: { readonly for?: KeyObject } = {}): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = wrap(0x30, wrap(0x06, Buffer.from(ECDSA_WITH_SHA256)));
  const name = wrap(
    0x30,
    wrap(0x31, wrap(0x30, wrap(0x06, Buffer.from(COMMON_NAME)), wrap(0x0c, Buffer.from("stand-in")))),
  );
  const address = wrap(0x30, wrap(0x87, Buffer.from([127, 0, 0, 1])));
  const authority = wrap(0x30, wrap(0x01, Buffer.from([0xff])));
  const extensions = wrap(
    0xa3,
    wrap(0x30, extension(SUBJECT_ALTERNATIVE_NAME, address), extension(BASIC_CONSTRAINTS, authority)),
  );
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const body = wrap(
    0x30,
    wrap(0xa0, wrap(0x02, Buffer.from([2]))),
    wrap(0x02, serial),
    algorithm,
    name,
    wrap(0x30, wrap(0x17, Buffer.from("200101000000Z")), wrap(0x17, Buffer.from("491231235959Z"))),
    name,
    (certified ?? publicKey).export({ type: "spki", format: "der" }),
    extensions,
  );
  const signature = wrap(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const der = wrap(0x30, body, algorithm, signature);
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n"),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extension(identifier: readonly number[], value: Buffer): Buffer {
  return wrap(0x30, wrap(0x06, Buffer.from(identifier)), wrap(0x04, value));
}

/** Tag, length, content. */
function wrap(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
