import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inShort, readText, withEnvironment } from "./read-text.ts";

interface Row {
  readonly name: string;
  readonly text: string;
  readonly expected: readonly string[];
}

const top = (...lines: readonly string[]): string => ["version: 1", ...lines, ""].join("\n");
const environment = (...lines: readonly string[]): string => withEnvironment("name: dev", ...lines, "paths: [dev]");
const pipeline = (images: string, ...environments: readonly string[]): string =>
  top(
    "pipelines:",
    `- { name: p, images: [${images}], environments: [`,
    ...environments.map((each) => ` ${each}`),
    " ] }",
  );

const tables: Readonly<Record<string, readonly Row[]>> = {
  "the top of the file": [
    { name: "an empty file", text: "", expected: ["1:1 [] This file is empty."] },
    { name: "only a comment", text: "# later\n", expected: ["1:1 [#] This file is empty."] },
    {
      name: "a list instead of a map",
      text: "- 1\n",
      expected: ["1:1 [- 1] Expected a map with keys such as `version`, `mode` and `limits`, found a list."],
    },
    {
      name: "no version",
      text: "mode: full\n",
      expected: ["1:1 [mode] The key `version` is missing in a pipeline file. Add `version: 1`: `1`."],
    },
    {
      name: "a version that does not exist yet",
      text: "version: 2\n",
      expected: ["1:10 [2] Expected `1`, the only version of this file's format, found the number 2."],
    },
    {
      name: "a misspelt key",
      text: top("mod: full"),
      expected: ["2:1 [mod] Unknown key `mod` in a pipeline file. Did you mean `mode`?"],
    },
    {
      name: "a prefix of commands that is a command itself",
      text: top("commands: { prefix: hold }"),
      expected: ["2:21 [hold] `hold` is a command itself."],
    },
    {
      name: "a prefix of commands with a slash",
      text: top('commands: { prefix: "/gitops" }'),
      expected: ['2:21 ["/gitops"] `/gitops` cannot begin a command. 3 to 30 lower-case letters, inside also `-`.'],
    },
    {
      name: "a key that is like no other",
      text: top("banana: 1"),
      expected: [
        "2:1 [banana] Unknown key `banana` in a pipeline file. Known here: `version`, `mode`, `limits`, `freezes`, `commands`, `dashboard`, `defaults`, `pipelines`.",
      ],
    },
    {
      name: "a misspelt word",
      text: top("mode: ful"),
      expected: [
        "2:7 [ful] Expected one of `observe`, `propose` or `full`, found the text `ful`. Did you mean `full`?",
      ],
    },
    {
      name: "limits below one",
      text: top("limits: { open: 0, hourly: 1.5 }"),
      expected: [
        "2:17 [0] Expected a whole number from 1 to 500, found the number 0.",
        "2:28 [1.5] Expected a whole number from 1 to 500, found the number 1.5.",
      ],
    },
    {
      name: "a guard that does not exist, and a level that does not",
      text: withEnvironment("name: dev", "paths: [dev]", "guards: { secret: fail, unproven: block }"),
      expected: [
        "8:17 [secret] Unknown key `secret` in a guards map. Did you mean `secrets`?",
        "8:41 [block] Expected one of `off`, `warn` or `fail`, found the text `block`. Known here: `off`, `warn`, `fail`.",
      ],
    },
    {
      name: "a forgotten value",
      text: top("pipelines:"),
      expected: ["2:11 [] Expected a list of pipelines, found nothing."],
    },
  ],
  freezes: [
    {
      name: "ends before it begins",
      text: top("freezes: [{ from: 2026-12-19, to: 2026-12-18 }]"),
      expected: [
        "2:35 [2026-12-18] This freeze ends before it begins. `to` comes after `from`; the day in `to` belongs to the freeze.",
      ],
    },
    { name: "one day is a freeze", text: top("freezes: [{ from: 2026-12-19, to: 2026-12-19 }]"), expected: [] },
    {
      name: "a day that does not exist",
      text: top("freezes: [{ from: 2026-02-29, to: 2026-03-01 }]"),
      expected: [
        "2:19 [2026-02-29] Expected a day such as `2026-12-19`, or a time such as `2026-12-19T18:00`, found `2026-02-29`.",
      ],
    },
    {
      name: "a zone that does not exist",
      text: top("freezes: [{ from: 2026-02-01, to: 2026-03-01, zone: Europe/Londn }]"),
      expected: ["2:53 [Europe/Londn] There is no time zone `Europe/Londn`. Did you mean `Europe/London`?"],
    },
    {
      name: "an environment that does not exist is a warning",
      text: `${environment()}freezes: [{ from: 2026-02-01, to: 2026-03-01, environments: [dve] }]\n`,
      expected: ["warning 8:62 [dve] No pipeline has an environment `dve`. Did you mean `dev`?"],
    },
  ],
  names: [
    {
      name: "capital letters",
      text: withEnvironment("name: Dev", "paths: [dev]"),
      expected: [
        "6:13 [Dev] `Dev` is not a name. Lower-case letters and digits, inside also `.`, `_` and `-`; no `..`, no final `.lock`.",
      ],
    },
    {
      name: "two dots",
      text: withEnvironment("name: a..b", "paths: [dev]"),
      expected: [
        "6:13 [a..b] `a..b` is not a name. Lower-case letters and digits, inside also `.`, `_` and `-`; no `..`, no final `.lock`.",
      ],
    },
    {
      name: "61 characters",
      text: withEnvironment(`name: ${"a".repeat(61)}`, "paths: [dev]"),
      expected: [`6:13 [${"a".repeat(61)}] A name has at most 60 characters; this has 61.`],
    },
    { name: "60 characters", text: withEnvironment(`name: ${"a".repeat(60)}`, "paths: [dev]"), expected: [] },
    {
      name: "a word of the commands",
      text: withEnvironment("name: to", "paths: [dev]"),
      expected: ["6:13 [to] The name `to` is reserved. Commands use this word."],
    },
    {
      name: "a number without quotes",
      text: withEnvironment("name: 1.10", "paths: [dev]"),
      expected: [
        '6:13 [1.10] Expected the name of an environment, found the number 1.1. If it is meant as text, put it in quotes: "1.10".',
      ],
    },
    {
      name: "twice the same environment",
      text: pipeline("{ image: a }", "{ name: x, paths: [a] },", "{ name: x, paths: [b] }"),
      expected: ["5:10 [x] Two environments are called `x`. It is taken in line 4."],
    },
    {
      name: "twice the same pipeline",
      text: top(
        "pipelines:",
        "- { name: p, images: [{ image: a }], environments: [{ name: x, paths: [a] }] }",
        "- { name: p, images: [{ image: b }], environments: [{ name: x, paths: [b] }] }",
      ),
      expected: ["4:11 [p] Two pipelines are called `p`. It is taken in line 3."],
    },
  ],
  "images and policies": [
    {
      name: "a tag in the name",
      text: pipeline('{ image: "nginx:1.2" }', "{ name: x, paths: [a] }"),
      expected: [
        '3:32 ["nginx:1.2"] Expected the name of an image, such as `ghcr.io/acme/checkout`, found `nginx:1.2`. Write `docker.io/library/nginx`, without scheme, tag and digest.',
      ],
    },
    {
      name: "an image twice, under two spellings",
      text: pipeline("{ image: nginx }, { image: docker.io/library/nginx }", "{ name: x, paths: [a] }"),
      expected: ["3:50 [docker.io/library/nginx] The image `docker.io/library/nginx` stands twice in this pipeline."],
    },
    {
      name: "two ways to choose",
      text: pipeline('{ image: a, policy: { semver: "1", newest: true } }', "{ name: x, paths: [a] }"),
      expected: [
        "3:58 [newest] Only one of `semver`, `newest`, `numerical`, `alphabetical`, `digest` or `branch` may stand in a policy; here are `semver` and `newest`.",
      ],
    },
    {
      name: "neither an image nor a repository",
      text: pipeline("{ policy: newest }", "{ name: x, paths: [a] }"),
      expected: ["3:25 [policy] Expected one of `image` or `git` in an image."],
    },
    {
      name: "a repository where it is, and on another host",
      text: pipeline(
        "{ git: https://github.com/Acme/web.git }, { git: https://gitlab.com/acme/web }, { git: web }",
        "{ name: x, paths: [a] }",
      ),
      expected: [
        "3:30 [https://github.com/Acme/web.git] Expected a repository such as `acme/checkout-manifests`, found `https://github.com/Acme/web.git`. Write `acme/web`.",
        "3:72 [https://gitlab.com/acme/web] Git repositories on other hosts than `github.com` are not supported. Stagecoach reads them as the GitHub App that it is. Mirror the repository there, or promote an image.",
        "3:110 [web] Expected a repository such as `acme/checkout-manifests`, found `web`.",
      ],
    },
    {
      name: "a policy that is not for a repository, or not for an image",
      text: pipeline(
        "{ git: acme/web, policy: { digest: latest, platform: linux/amd64 } }, { image: a, policy: { branch: main } }",
        "{ name: x, paths: [a] }",
      ),
      expected: [
        "3:58 [latest] A Git repository has no digests. Write `branch: <name>` to follow the commits of a branch.",
        "3:76 [linux/amd64] A Git repository has no platforms.",
        "3:123 [main] An image has no branches. Write `digest: <tag>` to follow a tag that moves.",
      ],
    },
    {
      name: "a branch that cannot be followed",
      text: pipeline('{ git: acme/web, policy: { branch: "a b" } }', "{ name: x, paths: [a] }"),
      expected: ['3:58 ["a b"] `a b` is not the name of a branch that can be followed.'],
    },
    {
      name: "another name for a repository",
      text: pipeline("{ git: acme/web }", "{ name: x, paths: [a], images: [{ image: b }] }"),
      expected: ["4:36 [image] A Git repository has no other name in an environment. Take this entry out."],
    },
    {
      name: "a platform that is none",
      text: pipeline("{ image: a, policy: { platform: [linux/arn64, arm64] } }", "{ name: x, paths: [a] }"),
      expected: [
        "3:56 [linux/arn64] Expected a platform such as `linux/arm64` or `linux/arm/v7`, found `linux/arn64`. Did you mean `linux/arm64`?",
        "3:69 [arm64] Expected a platform such as `linux/arm64` or `linux/arm/v7`, found `arm64`. Did you mean `linux/arm64`?",
      ],
    },
    {
      name: "a platform for one environment",
      text: environment("images: [{ image: b, policy: { platform: linux/arm64 } }]"),
      expected: [
        "7:38 [platform] Unknown key `platform` in a naming policy. What is promoted is decided by the pipeline's own images: write `platform` there.",
      ],
    },
    {
      name: "a pattern that RE2 does not know",
      text: pipeline('{ image: a, policy: { tags: "(?=x)" } }', "{ name: x, paths: [a] }"),
      expected: [
        '3:51 ["(?=x)"] The pattern `(?=x)` cannot be used: error parsing regexp: invalid or unsupported Perl syntax: `(?=`. Patterns are RE2: no look-around, no back references.',
      ],
    },
    {
      name: "order in an environment",
      text: environment("images: [{ image: b, policy: { semver: 1.x } }]"),
      expected: [
        "7:38 [semver] Unknown key `semver` in a naming policy. Only the pipeline's own images have an order; here only names are filtered: `tags` and `ignore`.",
      ],
    },
    {
      name: "another name for an unknown image",
      text: environment("images: [{ image: b, as: ghcr.io/corner/tell }]"),
      expected: [
        "7:32 [ghcr.io/corner/tell] The pipeline has no image `ghcr.io/corner/tell`. Did you mean `ghcr.io/corner/till`?",
      ],
    },
    {
      name: "a field that says of none of two images",
      text: pipeline("{ image: a }, { image: b }", "{ name: x, fields: [{ file: v.yaml, path: tag }] }"),
      expected: [
        "4:24 [file] The key `image` is missing: the pipeline has 2 images. Say which it is: `docker.io/library/a` and `docker.io/library/b`.",
      ],
    },
  ],
  order: [
    {
      name: "an unknown environment",
      text: pipeline("{ image: a }", "{ name: staging, paths: [a] },", "{ name: live, paths: [b], after: [stagin] }"),
      expected: ["5:36 [stagin] There is no environment `stagin` in this pipeline. Did you mean `staging`?"],
    },
    {
      name: "a circle",
      text: pipeline("{ image: a }", "{ name: a, paths: [a], after: b },", "{ name: b, paths: [b], same-as: a }"),
      expected: [
        "4:32 [b] These environments come after each other in a circle: a -> b -> a. One environment has to come first; take it out of an `after`.",
      ],
    },
    {
      name: "a soak after nothing",
      text: environment("propose-when: { soak: 1h }"),
      expected: [
        "7:23 [soak] A soak has nothing to observe: `dev` comes after no environment. Name the environment before in `after`, or remove the soak.",
      ],
    },
    {
      name: "a soak after what names no live",
      text: pipeline(
        "{ image: a }",
        "{ name: a, paths: [a] },",
        "{ name: b, paths: [b], after: a, merge-when: [{ soak: 1h }] }",
      ),
      expected: [
        "5:50 [soak] A soak has nothing to observe: no environment before `b` names a `live`. Say where the environment before runs with `live`.",
      ],
    },
  ],
  gates: [
    {
      name: "two in one item",
      text: environment("merge-when: [{ approvals: 1, checks: e2e }]"),
      expected: [
        "7:36 [checks] Only one of `soak`, `approvals`, `checks`, `window`, `http` or `signed` may stand in a gate; here are `approvals` and `checks`.",
      ],
    },
    {
      name: "none in one item",
      text: environment("merge-when: [{}]"),
      expected: ["7:20 [{}] Expected one of `soak`, `approvals`, `checks`, `window`, `http` or `signed` in a gate."],
    },
    {
      name: "approvals before there is a pull request",
      text: environment("propose-when: [{ approvals: 1 }]"),
      expected: [
        "7:24 [approvals] `approvals` can never be met here: there is no pull request before it is proposed. Write it under `merge-when`.",
      ],
    },
    {
      name: "a gate where a key of the environment was meant",
      text: environment("soak: 30m"),
      expected: [
        "7:7 [soak] Unknown key `soak` in an environment. Write it as a gate: `propose-when: [{ soak: 30m }]`.",
      ],
    },
    {
      name: "holidays that are no days",
      text: environment("merge-when: { window: { except: [2026-12-25, 2026-02-30, 2026-12-26..2026-12-24, xmas] } }"),
      expected: [
        "7:52 [2026-02-30] Expected a day such as `2026-12-25`, or days such as `2026-12-24..2026-12-26`, found `2026-02-30`.",
        "7:64 [2026-12-26..2026-12-24] `2026-12-26..2026-12-24` ends before it begins.",
        "7:88 [xmas] Expected a day such as `2026-12-25`, or days such as `2026-12-24..2026-12-26`, found `xmas`.",
      ],
    },
    {
      name: "a window that closes before it opens",
      text: environment('merge-when: { window: { days: fri-mon, from: "16:00", to: "09:00" } }'),
      expected: ['7:65 ["09:00"] This window closes before it opens. A window opens and closes on the same day.'],
    },
    {
      name: "a day that does not exist",
      text: environment("merge-when: { window: { days: [mon, tus] } }"),
      expected: [
        "7:43 [tus] Expected a day such as `mon`, or days such as `mon-thu`, found `tus`. Did you mean `tue`?",
      ],
    },
    {
      name: "a duration in words",
      text: environment("on-degraded: { do: hold, deadline: 30 minutes }"),
      expected: ["7:42 [30 minutes] Expected a duration such as `30m`, `24h` or `7d`, found `30 minutes`."],
    },
  ],
  "what runs there": [
    {
      name: "an unknown kind",
      text: environment("live: { source: dev, argo: x }"),
      expected: ["7:28 [argo] Unknown key `argo` in a live target. Did you mean `argocd`?"],
    },
    {
      name: "T20: an address",
      text: environment("live: { source: dev, url: http://169.254.169.254/ }"),
      expected: [
        "7:28 [url] Unknown key `url` in a live target. Addresses are the operator's: name the `source` that has it.",
      ],
    },
    {
      name: "a person with @",
      text: environment('allow: { promote: ["@corner/sre"] }'),
      expected: [
        '7:26 ["@corner/sre"] Expected a team such as `acme/sre`, or a login, found `@corner/sre`. Write `corner/sre`, without `@`.',
      ],
    },
  ],
  places: [
    {
      name: "nothing to write",
      text: withEnvironment("name: dev"),
      expected: [
        "6:7 [name] The environment `dev` has neither `paths` nor `fields`. Add `paths`: the files or folders in which the versions of this environment stand.",
      ],
    },
    {
      name: "a folder in a folder of another environment",
      text: pipeline("{ image: a }", "{ name: a, paths: [apps/] },", "{ name: b, paths: [apps/b] }"),
      expected: [
        "5:20 [[apps/b]] `p/a` writes `docker.io/library/a` in `apps/b` too. Two environments never write one place; the other is in line 4.",
      ],
    },
    {
      name: "a folder that the other leaves out",
      text: pipeline("{ image: a }", '{ name: a, paths: [apps, "!apps/b"] },', "{ name: b, paths: [apps/b] }"),
      expected: [],
    },
    {
      name: "the same folder on another branch",
      text: pipeline("{ image: a }", "{ name: a, paths: [apps] },", "{ name: b, paths: [apps], branch: live }"),
      expected: [],
    },
    {
      name: "the same folder under another image name",
      text: pipeline(
        "{ image: a }",
        "{ name: a, paths: [apps] },",
        "{ name: b, paths: [apps], images: [{ image: b }] }",
      ),
      expected: [],
    },
    {
      name: "two alike globs",
      text: pipeline("{ image: a }", '{ name: a, paths: ["apps/*/dev"] },', '{ name: b, paths: ["apps/*/dev"] }'),
      expected: [
        '5:20 [["apps/*/dev"]] `p/a` writes `docker.io/library/a` in `apps/x/dev` too. Two environments never write one place; the other is in line 4.',
      ],
    },
    {
      name: "one field twice",
      text: pipeline(
        "{ image: a }",
        "{ name: a, fields: [{ file: v.yaml, path: a.tag }] },",
        "{ name: b, fields: [{ file: v.yaml, path: 'a[\"tag\"]' }] }",
      ),
      expected: [
        "5:44 ['a[\"tag\"]'] `p/a` writes this field of `v.yaml` too. Two environments never write one place; the other is in line 4.",
      ],
    },
    {
      name: "the field of a sandbox twice",
      text: pipeline(
        "{ image: a }",
        "{ name: a, paths: [a], sandbox: { file: v.yaml, path: spec.git.branch } },",
        "{ name: b, paths: [b], sandbox: { file: v.yaml, path: spec.git.branch } }",
      ),
      expected: [
        "5:56 [spec.git.branch] `p/a` writes this field of `v.yaml` too. Two environments never write one place; the other is in line 4.",
      ],
    },
    {
      name: "a sandbox in a file where another pipeline has its versions",
      text: top(
        "pipelines:",
        "- { name: p, images: [{ image: a }], environments: [{ name: a, paths: [clusters] }] }",
        "- name: q",
        "  images: [{ image: b }]",
        "  environments:",
        "  - { name: dev, paths: [q], sandbox: { file: clusters/dev.yaml, path: spec.git.branch } }",
      ),
      expected: [
        "7:47 [clusters/dev.yaml] `clusters/dev.yaml` holds versions of `p/a` too. Lend an environment by a file of its own; the other is in line 3.",
      ],
    },
    {
      name: "a sandbox without its path",
      text: environment("sandbox: { file: a.yaml, writes: tag }"),
      expected: [
        '7:18 [file] The key `path` is missing in a sandbox map. Add `path: spec.git.branch`: the way to a value, such as `image.tag`, `containers[0].image` or `labels["app.version"]`.',
        "7:40 [tag] Expected one of `branch` or `revision`, found the text `tag`. Known here: `branch`, `revision`.",
      ],
    },
  ],
  "T18: paths stay inside the repository": [
    ...["../x", "a/../b", "./a", "a//b", "!../x"].map(
      (path): Row => ({
        name: path,
        text: withEnvironment("name: dev", `paths: [a, "${path}"]`),
        expected: [
          `7:18 ["${path}"] A path has no \`..\`, no \`.\` and no empty names; it stays inside the repository.`,
        ],
      }),
    ),
    {
      name: "absolute",
      text: withEnvironment("name: dev", "paths: [/etc/passwd]"),
      expected: [
        "7:15 [/etc/passwd] A path begins at the root of the repository, without a slash. Write `etc/passwd`.",
      ],
    },
    {
      name: "backslashes",
      text: withEnvironment("name: dev", "paths: ['a\\..\\b']"),
      expected: ["7:15 ['a\\..\\b'] A path has no backslashes. Part folders with `/`."],
    },
    ...[".git/config", ".github/workflows", "a/.GIT/config"].map(
      (path): Row => ({
        name: path,
        text: withEnvironment("name: dev", `paths: [${path}]`),
        expected: [`7:15 [${path}] Nothing is ever promoted in \`.git\` or \`.github\`.`],
      }),
    ),
    {
      name: "a field in no repository",
      text: withEnvironment("name: dev", "fields: [{ file: ../v.yaml, path: tag }]"),
      expected: ["7:24 [../v.yaml] A path has no `..`, no `.` and no empty names; it stays inside the repository."],
    },
    {
      name: "a glob that would take for ever",
      text: withEnvironment("name: dev", 'paths: ["a*b*c*d*"]'),
      expected: [
        '7:15 ["a*b*c*d*"] This glob is too complicated. At most 2 `*` and 1 `{a,b}` in a name, 2 `**`, and no `/` in braces.',
      ],
    },
  ],
};

for (const [rule, rows] of Object.entries(tables)) {
  describe(`findings: ${rule}`, () => {
    for (const { name, text, expected } of rows) {
      test(name, () => {
        assert.deepEqual(readText(text).findings.map(inShort), expected);
      });
    }
  });
}
