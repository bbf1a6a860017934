// The part of the operator's settings file about signatures: whom the gate `signed` may believe.

import { listOf, text } from "./basic-shapes.ts";
import { name } from "./name-shapes.ts";
import { forKey, variable } from "./settings-shapes.ts";
import { mapOf, type ReadKeys, table } from "./shape.ts";

const file = (expected: string) => text({ expected, schema: { maxLength: 1000 } });

const signingKeyTable = table({
  name: "signing key",
  says: "A public key that the gate `signed` may name by its id.",
  keys: {
    id: { shape: name("an id such as `release`"), says: "Its name in gates.", required: true, example: "release" },
    for: forKey,
    file: {
      shape: file("the path of a PEM file with a public key"),
      says: "The file with the public key in PEM form, as `cosign.pub` is. It is read whenever it is needed.",
      example: "/etc/stagecoach/cosign.pub",
    },
    "pem-env": {
      shape: variable(),
      says: "The environment variable with the public key in PEM form.",
      example: "RELEASE_PUBLIC_KEY",
    },
  },
  choice: { of: ["file", "pem-env"], least: 1 },
  misplaced: { pem: "Put the key into a file or an environment variable: `file` or `pem-env`." },
});

const signingTable = table({
  name: "signing",
  says: "Whom the gate `signed` believes.",
  keys: {
    "trusted-root-file": {
      shape: file("the path of a trusted root"),
      says:
        "Certificate authorities, logs and clocks that are believed instead of those of the public Sigstore: a " +
        "`trusted_root.json`, or several in one file, a line each, as `gh attestation trusted-root` prints them. With it " +
        "nothing is fetched. Private repositories on GitHub need it.",
      example: "/etc/stagecoach/trusted_root.jsonl",
    },
    keys: {
      shape: listOf(mapOf(signingKeyTable)),
      says: "Public keys.",
      example: '[{ id: release, for: ["acme/*"], file: /etc/stagecoach/cosign.pub }]',
    },
  },
});

export const signingShape = mapOf(signingTable);

export type WrittenSigning = ReadKeys<(typeof signingTable)["keys"]>;
export type WrittenSigningKey = ReadKeys<(typeof signingKeyTable)["keys"]>;
