// Places that say which revision of a Git repository runs: what each pins, and why some are never edited.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PlaceChange } from "../../src/domain/place.ts";
import { editFile } from "../../src/manifests/edit-file.ts";
import { findPlaces } from "../../src/manifests/find-places.ts";

const WEB = "git:github.com/acme/web";
const OLD = "a1".repeat(20);
const NEW = "b2".repeat(20);

function places(text: string, path = "apps/web/application.yaml") {
  return findPlaces({ path, text, images: [WEB], fields: [] }).places;
}

function application(source: string): string {
  return `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source: { repoURL: "https://github.com/acme/web"${source} }\n`;
}

function repository(reference: string): string {
  return `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nspec: { url: "https://github.com/acme/web"${reference} }\n`;
}

function rootSync(more: string): string {
  return `apiVersion: configsync.gke.io/v1beta1\nkind: RootSync\nspec: { git: { repo: "https://github.com/acme/web"${more} } }\n`;
}

function remote(address: string): string {
  return `kind: Kustomization\nresources: [ "${address}" ]\n`;
}

describe("what moves by itself is refused at its place", () => {
  const rows: readonly (readonly [name: string, text: string, why: RegExp])[] = [
    [
      "HEAD",
      application(", targetRevision: HEAD"),
      /"HEAD" is a branch, which moves by itself\. Write the tag or the commit/,
    ],
    ["no revision at all", application(""), /Without `targetRevision` it follows the default branch/],
    ["an empty revision", application(', targetRevision: ""'), /There is no revision here yet/],
    ["a range", application(', targetRevision: ">=1.0 <2.0"'), /is neither a tag nor the 40 digits of a commit/],
    ["a pattern", application(', targetRevision: "v1.*"'), /is neither a tag/],
    ["a branch by its full name", application(", targetRevision: refs/heads/main"), /is a branch/],
    ["a template", application(', targetRevision: "{{.revision}}"'), /is a template, and templates are never edited/],
    ["an alias", `x: &v v1.0.0\n${application(", targetRevision: *v")}`, /is the alias \*v/],
    ["a branch of Flux", repository(", ref: { branch: main }"), /It follows a branch, which moves by itself/],
    ["no reference of Flux", repository(""), /It follows a branch/],
    [
      "a range of Flux, also beside a tag",
      repository(', ref: { tag: v1, semver: ">=1" }'),
      /follows a range \(`semver`\)/,
    ],
    ["a branch of Config Sync", rootSync(", branch: main"), /Without `revision` it follows a branch/],
    [
      "an address without ref",
      remote("https://github.com/acme/web//deploy"),
      /Without `\?ref=` it follows the default/,
    ],
    ["an address with two", remote("https://github.com/acme/web?ref=v1&version=v2"), /cannot be read without doubt/],
    ["an address with odd letters", remote("https://github.com/acme/web//a b?ref=v1"), /cannot be read without doubt/],
  ];
  for (const [name, text, why] of rows) {
    it(name, () => {
      const [place, ...more] = places(text);
      assert.equal(more.length, 0);
      assert.match(place?.refusal ?? "", why);
      assert.ok((place?.line ?? 0) > 0);
    });
  }
});

describe("what is no place of the repository", () => {
  const rows: readonly (readonly [name: string, text: string])[] = [
    ["another repository", application(", targetRevision: v1").replace("acme/web", "acme/web-extra")],
    ["the same name on another host", application(", targetRevision: v1").replace("github.com", "gitlab.com")],
    ["a chart", application(", chart: web, targetRevision: 1.0.0")],
    ["an address that leads on", application(", targetRevision: v1").replace("acme/web", "acme/web/tree/main")],
    ["a kind that is not Argo CD's", application(", targetRevision: v1").replace("argoproj.io", "example.com")],
    ["a list of another file", 'resources: [ "https://github.com/acme/web?ref=v1" ]\n'],
  ];
  for (const [name, text] of rows) it(name, () => assert.deepEqual(places(text), []));
});

describe("an edit of a revision", () => {
  const edit = (text: string, version: { readonly tag: string; readonly digest: string }) => {
    const path = "apps/web/application.yaml";
    const changes: readonly PlaceChange[] = places(text, path).map((place) => ({ place, ...version }));
    const result = editFile({ path, text, images: [WEB], fields: [], changes });
    return result.kind === "edited" ? result.text : result.kind === "refused" ? result.why : result.kind;
  };
  const version = { tag: "v1.8.0", digest: `commit:${NEW}` };

  it("keeps a commit a commit, and a tag a tag", () => {
    assert.equal(edit(application(`, targetRevision: ${OLD}`), version), application(`, targetRevision: ${NEW}`));
    assert.equal(edit(application(", targetRevision: v1.7.0"), version), application(", targetRevision: v1.8.0"));
    const both = (tag: string, commit: string) => repository(`, ref: { tag: ${tag}, commit: ${commit} }`);
    assert.equal(edit(both("v1.7.0", OLD), version), both("v1.8.0", NEW));
  });

  it("writes a tag into an address so that it is read back as that tag", () => {
    const odd = { tag: "web@1.8.0+5", digest: `commit:${NEW}` };
    const address = "https://github.com/acme/web//deploy?submodules=0&ref=";
    assert.equal(edit(remote(`${address}v1.7.0`), odd), remote(`${address}web%401.8.0%2B5`));
    const [place] = places(remote(`${address}web%401.8.0%2B5`));
    assert.equal(place?.tag, "web@1.8.0+5");
    assert.equal(edit(remote(`${address}release%2F1`), version), remote(`${address}v1.8.0`));
  });

  it("writes no commit of a branch where a tag stands, and nothing that is no revision", () => {
    const branch = { tag: "heads/main", digest: `commit:${NEW}` };
    assert.match(
      edit(application(", targetRevision: main"), branch),
      /The policy follows a branch, whose versions are commits/,
    );
    assert.equal(edit(application(`, targetRevision: ${OLD}`), branch), application(`, targetRevision: ${NEW}`));
    const hostile = { tag: 'v1"\n  evil: yes', digest: `commit:${NEW}` };
    assert.match(edit(application(", targetRevision: v1"), hostile), /is not a tag of Git, so it is not written/);
    const digest = { tag: "v1.8.0", digest: `sha256:${"ab".repeat(32)}` };
    assert.match(edit(application(", targetRevision: v1"), digest), /is not a commit, so it is not written/);
  });
});
