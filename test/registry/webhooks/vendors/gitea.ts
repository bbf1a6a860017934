// Gitea and Forgejo.

import { AMD64, asBearer, asHeader, asHmac, DIGEST, inPath, type Vendor } from "./vendor.ts";

const HOST = "gitea.acme.example";
const user = { id: 1, login: "Acme", full_name: "", email: "acme@noreply.gitea.acme.example", username: "Acme" };
const body = (changes: object = {}, action = "created") => ({
  action,
  repository: null,
  package: {
    ...{
      id: 42,
      owner: user,
      repository: null,
      creator: user,
      type: "container",
      name: "Checkout",
      version: "1.8.0-rc1",
    },
    ...{ html_url: `https://${HOST}/Acme/-/packages/container/checkout/1.8.0-rc1`, created_at: "2026-03-02T10:00:00Z" },
    ...changes,
  },
  ...{ organization: null, sender: user },
});
const pushed = { image: `${HOST}/acme/checkout` };
const headers = (sender: string, event = "package") => ({
  [`x-${sender}-event`]: event,
  [`x-${sender}-delivery`]: "f3c0b0a2-9a51-4b7e-8a5e-2f1a9d1f7c11",
  "x-github-event": event,
});

function vendorOf(sender: "gitea" | "forgejo"): Vendor {
  const row = (name: string, given: unknown, expect: Vendor["more"][number]["expect"], event?: string) => ({
    ...{ name, deliveries: [{ body: given, headers: headers(sender, event) }], expect },
  });
  return {
    name: sender === "gitea" ? "Gitea" : "Forgejo",
    kind: sender,
    settings: { registry: HOST },
    prove: asHmac(`x-${sender}-signature`),
    noProofs: [
      asBearer,
      inPath,
      asHeader(`x-${sender}-signature`),
      asHmac("x-hub-signature-256", { before: "sha256=" }),
    ],
    rows: {
      push: row("a push by tag: the tag, in small letters now, is not taken over", body(), {
        events: [pushed],
        delivery: /^f3c0b0a2-/,
      }),
      multiArch: {
        name: "a multi-arch push: the children have their digests as versions",
        deliveries: [AMD64, "1.8.0-rc1"].map((version) => ({ body: body({ version }), headers: headers(sender) })),
        expect: { events: [pushed], ignored: [/Its tag is a digest/] },
      },
      digestOnly: row("a push by digest", body({ version: DIGEST }), { events: [], ignored: [/Its tag is a digest/] }),
      deletion: row("a delete", body({}, "deleted"), { events: [], ignored: [/^deleted of .*Only a push/] }),
      foreign: row("a body of GitHub", { action: "published", registry_package: {} }, { malformed: /no `package`/ }),
    },
    more: [
      row(
        "a push to Git, which its test button sends",
        { ref: "refs/heads/main" },
        { events: [], ignored: [/no package/] },
        "push",
      ),
      row("a package of another kind", body({ type: "npm" }), { events: [], ignored: [/It is no image/] }),
      row("T5: a host that is not the webhook's", body({ html_url: "https://attacker.example/x" }), {
        events: [],
        ignored: [/does not speak for `attacker\.example`/],
      }),
      {
        ...row("an internal host that the operator lists", body({ html_url: "http://gitea:3000/x" }), {
          events: [pushed],
        }),
        settings: { repositories: [{ name: "gitea:3000", image: HOST }] },
      },
    ],
  };
}

export const gitea = vendorOf("gitea");
export const forgejo = vendorOf("forgejo");
