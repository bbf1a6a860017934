// JFrog Artifactory, with the secret as a token and with signed bodies.

import { asBearer, asHeader, asHmac, DIGEST, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "acme.jfrog.io";
const body = (changes: object = {}, type = "pushed", domain = "docker") => ({
  domain,
  event_type: type,
  data: {
    ...{ repo_key: "docker-local", event_type: type, path: "shop/checkout/1.8.0/manifest.json", name: "manifest.json" },
    ...{ sha256: "4f".repeat(32), size: 1206, image_name: "shop/checkout", tag: "1.8.0" },
    platforms: [{ architecture: "amd64", os: "linux" }],
    ...changes,
  },
  ...{ subscription_key: "stagecoach", jpd_origin: "https://attacker.example", source: "jfrog/ci@acme.example" },
});
const pushed = { image: `${HOST}/docker-local/shop/checkout`, tag: "1.8.0", digest: DIGEST };

export const jfrog: Vendor = {
  name: "JFrog Artifactory, with a token",
  kind: "jfrog",
  settings: { registry: HOST },
  prove: asHeader("x-jfrog-event-auth"),
  noProofs: [asBearer, inPath, asHmac("x-jfrog-event-auth")],
  rows: {
    push: one("T5: a push by tag, by the repository's path; the origin in the body is not believed", body(), {
      events: [pushed],
    }),
    multiArch: one("a multi-arch push, which is one event", body({ name: "list.manifest.json" }), { events: [pushed] }),
    digestOnly: one(
      "a push by digest, which it does not tell: without a tag there is nothing",
      body({ tag: undefined }),
      {
        events: [],
        ignored: [NO_TAG],
      },
    ),
    deletion: one("a delete", body({}, "deleted"), { events: [], ignored: [/^deleted of .*Only a push/] }),
    foreign: one("a body of Nexus", { action: "CREATED", component: {} }, { malformed: /no `domain`/ }),
  },
  more: [
    one("a promotion from repository to repository", body({ repo_key: "docker-live" }, "promoted"), {
      events: [{ ...pushed, image: `${HOST}/docker-live/shop/checkout` }],
    }),
    one("the same push told as a file", body({}, "deployed", "artifact"), {
      events: [],
      ignored: [/not of the domain/],
    }),
    one("no data", { domain: "docker", event_type: "pushed" }, { malformed: /no `data`/ }),
    {
      ...one("a local repository that people know by the virtual one, and by a host of its own", body(), {
        events: [
          { ...pushed, image: `${HOST}/docker/shop/checkout` },
          { ...pushed, image: "docker.acme.example/shop/checkout" },
        ],
      }),
      settings: {
        registry: "",
        repositories: [
          { name: "docker-local", image: `${HOST}/docker` },
          { name: "docker-local", image: "docker.acme.example" },
        ],
      },
    },
    {
      ...one("a repository that is not listed", body({ repo_key: "scratch" }), {
        events: [],
        ignored: [/does not speak for `scratch`/],
      }),
      settings: { registry: "", repositories: [{ name: "docker-local", image: `${HOST}/docker` }] },
    },
  ],
};

export const jfrogSigned: Vendor = {
  ...jfrog,
  name: "JFrog Artifactory, signed",
  settings: { registry: HOST, signed: true },
  prove: asHmac("x-jfrog-event-auth"),
  noProofs: [asBearer, inPath, asHeader("x-jfrog-event-auth"), asHmac("x-jfrog-event-auth", { hash: "sha1" })],
  more: [],
};
