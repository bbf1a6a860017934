// Alibaba Cloud's registry.

import { asBearer, asHmac, DIGEST, inPath, NO_TAG, one, type Vendor } from "./vendor.ts";

const HOST = "registry.cn-hangzhou.aliyuncs.com";
const body = (data: object = {}, repository: object = {}) => ({
  push_data: { digest: DIGEST, pushed_at: "2026-03-02 10:00:00", tag: "1.8.0", ...data },
  repository: {
    ...{ date_created: "2025-10-28 21:31:42", name: "Checkout", namespace: "acme", region: "cn-hangzhou" },
    ...{ repo_authentication_type: "NO_CERTIFIED", repo_full_name: "acme/Checkout", repo_type: "PRIVATE" },
    ...repository,
  },
});
const pushed = { image: `${HOST}/acme/checkout`, tag: "1.8.0", digest: DIGEST };

export const aliyun: Vendor = {
  name: "Alibaba Cloud",
  kind: "aliyun",
  settings: { registry: HOST },
  prove: inPath,
  noProofs: [asBearer, asHmac("x-hub-signature-256", { before: "sha256=" })],
  rows: {
    push: one("a push by tag; capitals of its console are none of the image's", body(), { events: [pushed] }),
    multiArch: {
      name: "a multi-arch push: what has no tag is not told otherwise than the whole",
      deliveries: [{ body: body({ tag: "" }) }, { body: body() }],
      expect: { events: [pushed], ignored: [NO_TAG] },
    },
    digestOnly: one("a push by digest", body({ tag: undefined }), { events: [], ignored: [NO_TAG] }),
    deletion: one(
      "a delete, which it does not tell: whatever has no `push_data` is foreign",
      { repository: body().repository },
      { malformed: /no `push_data`/ },
    ),
    foreign: one("a body of Harbor", { type: "PUSH_ARTIFACT" }, { malformed: /no `push_data`/ }),
  },
  more: [
    {
      ...one("T5: a region with an inner and an outer host, which the operator lists", body(), {
        events: [pushed, { ...pushed, image: "registry-vpc.cn-hangzhou.aliyuncs.com/acme/checkout" }],
      }),
      settings: {
        registry: "",
        repositories: [
          { name: "cn-hangzhou", image: HOST },
          { name: "cn-hangzhou", image: "registry-vpc.cn-hangzhou.aliyuncs.com" },
        ],
      },
    },
    {
      ...one("a region that is not listed", body({}, { region: "cn-beijing" }), {
        events: [],
        ignored: [/does not speak for `cn-beijing`/],
      }),
      settings: { registry: "", repositories: [{ name: "cn-hangzhou", image: HOST }] },
    },
  ],
};
