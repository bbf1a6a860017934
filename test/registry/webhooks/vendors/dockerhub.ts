// Docker Hub, in the shape of its documentation.

import { asBearer, asHmac, INDEX, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const body = (data: object, repository: object = {}) => ({
  callback_url: "https://169.254.169.254/u/acme/checkout/hook/2141b5bi5i5b02bec211i4eeih0242eg11000a/",
  push_data: { pushed_at: 1772445600, pusher: "ci", tag: "1.8.0", images: [], ...data },
  repository: {
    ...{ comment_count: 0, date_created: 1700000000, description: "", dockerfile: "", is_private: true },
    ...{ name: "checkout", namespace: "acme", owner: "acme", repo_name: "acme/checkout", star_count: 0 },
    repo_url: "https://hub.docker.com/r/acme/checkout",
    status: "Active",
    ...repository,
  },
});
const pushed = { image: "docker.io/acme/checkout", tag: "1.8.0" };

export const dockerhub: Vendor = {
  name: "Docker Hub",
  kind: "dockerhub",
  settings: { registry: "docker.io" },
  prove: inPath,
  noProofs: [asBearer, asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag; it tells no digest, and `callback_url` is nobody's business", body({}), {
      events: [pushed],
      delivery: /^sha256:[0-9a-f]{64}$/,
    }),
    multiArch: {
      name: "a multi-arch push, which is told six times with the same words",
      deliveries: Array.from({ length: 6 }, (_, index) => ({ body: body({ pushed_at: 1772445600 + index }) })),
      expect: { events: Array.from({ length: 6 }, () => pushed) },
    },
    digestOnly: one(
      "a push by digest, which it does not tell: without a tag there is nothing",
      body({ tag: undefined }),
      {
        events: [],
        ignored: [NO_TAG],
      },
    ),
    deletion: one(
      "a delete, which it does not tell: whatever has no `push_data` is foreign",
      { delete_data: { tag: "1.8.0" }, repository: body({}).repository },
      { malformed: /no `push_data`/ },
    ),
    foreign: one("a body of GitHub", { action: "published", package: {} }, { malformed: /no `push_data`/ }),
  },
  more: [
    one("an official image", body({}, { repo_name: "nginx" }), {
      events: [{ image: "docker.io/library/nginx", tag: "1.8.0" }],
    }),
    one("a chart", body({ media_type: "application/vnd.cncf.helm.config.v1+json" }), { events: [pushed] }),
    one("a time as older webhooks wrote it", body({ pushed_at: 1.417566161e9 }), { events: [pushed] }),
    one("a hardened image with its notes", { ...body({}), dhi_metadata: { [INDEX]: {} } }, { events: [pushed] }),
    one("T14: a repository that is none", body({}, { repo_name: "@everyone" }), {
      events: [],
      ignored: [/^push of \?:1\.8\.0: Its repository/],
    }),
    {
      ...one("a mirror of Docker Hub, which the operator lists", body({}), {
        events: [{ image: "mirror.acme.example/hub/acme/checkout", tag: "1.8.0" }, pushed],
      }),
      settings: {
        registry: "",
        repositories: [
          { name: "docker.io", image: "mirror.acme.example/hub" },
          { name: "docker.io", image: "docker.io" },
        ],
      },
    },
  ],
};
