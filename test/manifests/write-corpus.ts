// Writes files as teams have them (values, Kustomizations, HelmReleases, Applications, charts, deployments, several documents)
// together with what they must look like after an edit. Seeded: the same seed gives the same files. It knows where every
// value stands because it wrote it there, not because it read the file.

export const IMAGE = "ghcr.io/acme/checkout";
export const OLD_DIGEST = `sha256:${"a1".repeat(32)}`;
export const NEW_DIGEST = `sha256:${"b2".repeat(32)}`;

export interface CorpusFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly tag: string;
  /** How many values change. */
  readonly values: number;
  /** The file holds something that must be refused. */
  readonly refused: boolean;
}

/** Tags and whether a plain one would be taken for something else than a string by some reader of YAML 1.1 or 1.2. */
export const TAGS: readonly (readonly [tag: string, quoted: boolean])[] = [
  ["1.8.0", false],
  ["v1.8.0-rc.1", false],
  ["main-0a1b2c3", false],
  ["sha-9f8e7d6", false],
  ["2024.01.02-3", false],
  ["1.8.0_build.5", false],
  ["latest", false],
  ["_", false],
  ["1-", false],
  ["0a1b2c3", false],
  ["infinity", false],
  ["1.10", true],
  ["1", true],
  ["0", true],
  ["007", true],
  ["0123", true],
  ["12e5", true],
  ["1e5", true],
  ["1E10", true],
  ["1234567", true],
  ["20240101", true],
  ["2024-01-01", true],
  ["1_000", true],
  ["1_0.5", true],
  ["0x1F", true],
  ["0o17", true],
  ["0b1010", true],
  ["1.", true],
  ["true", true],
  ["False", true],
  ["yes", true],
  ["NO", true],
  ["on", true],
  ["Off", true],
  ["y", true],
  ["N", true],
  ["null", true],
  ["Null", true],
];

type Piece = string | { readonly before: string; readonly after: string };

interface Pen {
  readonly random: () => number;
  readonly tag: string;
  readonly quoted: boolean;
}

/** mulberry32: small, and good enough to vary files. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(pen: Pick<Pen, "random">, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(pen.random() * choices.length)] ?? choices[0];
}

const QUOTES: readonly [string, ...string[]] = ["", "", "'", '"'];

function tagValue(pen: Pen): Piece {
  const [old, needsQuotes] = pick(pen, [
    ["1.7.3", false],
    ["v1.7.3", false],
    ["1.70", false],
    ["20231231", false],
    ["on", true],
  ]);
  const quote = needsQuotes ? '"' : pick(pen, QUOTES);
  const now = quote === "" && pen.quoted ? '"' : quote;
  return { before: `${quote}${old}${quote}`, after: `${now}${pen.tag}${now}` };
}

function digestValue(pen: Pen): Piece {
  const quote = pick(pen, QUOTES);
  return { before: `${quote}${OLD_DIGEST}${quote}`, after: `${quote}${NEW_DIGEST}${quote}` };
}

function referenceValue(pen: Pen): Piece {
  const quote = pick(pen, QUOTES);
  const pins = pick(pen, [
    [":1.7.3", `:${pen.tag}`],
    [`@${OLD_DIGEST}`, `@${NEW_DIGEST}`],
    [`:1.7.3@${OLD_DIGEST}`, `:${pen.tag}@${NEW_DIGEST}`],
  ]);
  return { before: `${quote}${IMAGE}${pins[0]}${quote}`, after: `${quote}${IMAGE}${pins[1]}${quote}` };
}

/** Where a chart's version stands, `_` is written `+`. */
function chartValue(pen: Pen): Piece {
  const quote = pick(pen, QUOTES);
  const old = pick(pen, ["1.7.3", "v1.7.3", "1.7.3-rc.1+build.4"]);
  return { before: `${quote}${old}${quote}`, after: `${quote}${pen.tag.replace("_", "+")}${quote}` };
}

function isChartTag({ tag }: Pen): boolean {
  return /^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-_]|$)/.test(tag);
}

function comment(pen: Pen): string {
  return pick(pen, ["", "", " # pinned", '   # ghcr.io/acme/checkout:1.7.3 – "quoted" {{ }}', "\t# tab", "  "]);
}

/** Lines that must survive and hold things that look like what is looked for. */
function noise(pen: Pen, indent = ""): string {
  const digest = `sha256:${"0f".repeat(32)}`;
  return pick(pen, [
    "",
    `${indent}# image: ${IMAGE}:1.7.3\n`,
    `\n\n`,
    `${indent}proxyImage:   "ghcr.io/acme/proxy:1.7.3"   # other\n`,
    `${indent}other: {image: quay.io/acme/checkout@${digest},tag: 1.7.3}\n`,
    `${indent}script: |\n${indent}    image: ${IMAGE}:1.7.3\n${indent}    ---\n\n${indent}    tag: 1.7.3  \n`,
    `${indent}folded: >-\n${indent}  one\n${indent}  two: ${IMAGE}:1.7.3\n`,
    `${indent}shared: &shared   {a: 1, b: [x,  y]}\n${indent}again: *shared\n`,
    `${indent}quoted: 'it''s'\n${indent}escaped: "a\\tb \\u00e9"\n`,
    `${indent}odd:    value   \n${indent}list:\n${indent}- a\n${indent}-   b # c\n`,
    `${indent}template: "{{ .Values.image }}"\n`,
    `${indent}ünïcode: "日本語 🚢"\n`,
    `${indent}long: this plain value\n${indent}  goes on in the next line\n`,
  ]);
}

function helmValues(pen: Pen): Piece[] {
  const step = pick(pen, ["  ", "    "]);
  const split = pen.random() < 0.4;
  const name = split
    ? `${step}registry: ghcr.io\n${step}repository: acme/checkout${comment(pen)}\n`
    : `${step}repository: ${IMAGE}\n`;
  const digest: Piece[] = pen.random() < 0.4 ? [`${step}digest:  `, digestValue(pen), `${comment(pen)}\n`] : [];
  const tag: Piece[] = [`${step}tag: `, tagValue(pen), `${comment(pen)}\n`];
  return [
    noise(pen),
    `image:${comment(pen)}\n`,
    name,
    ...(pen.random() < 0.5 ? [...tag, ...digest] : [...digest, ...tag]),
    noise(pen),
  ];
}

function flowValues(pen: Pen): Piece[] {
  return [
    noise(pen),
    `web: {image: {repository: ${IMAGE},tag: `,
    tagValue(pen),
    pick(pen, ["}}", " } }", ", x: 1}}"]),
    `${comment(pen)}\n`,
  ];
}

function kustomization(pen: Pen): Piece[] {
  const name = pick(pen, [`name: ${IMAGE}`, `name: checkout\n  newName: "${IMAGE}"`]);
  const digest: Piece[] = pen.random() < 0.5 ? ["\n  digest: ", digestValue(pen)] : [];
  const head = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
  return [
    head,
    noise(pen),
    `images:\n- name: ghcr.io/acme/proxy\n  newTag: 1.7.3\n- ${name}\n  newTag: `,
    tagValue(pen),
    ...digest,
    `${comment(pen)}\n`,
    noise(pen),
  ];
}

function helmRelease(pen: Pen): Piece[] {
  const marker = (part: string): string => ` # {"$imagepolicy": "flux-system:checkout${part}"}\n`;
  const head =
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: checkout}\nspec:\n  values:\n";
  return [
    head,
    noise(pen, "    "),
    `    app:\n      from: ${IMAGE}${marker(":name")}      version: `,
    tagValue(pen),
    marker(":tag"),
    "      sha: ",
    digestValue(pen),
    marker(":digest"),
    noise(pen, "    "),
  ];
}

function application(pen: Pen): Piece[] {
  const head =
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: checkout\nspec:\n  source:\n    helm:\n      valuesObject:\n";
  return [
    head,
    noise(pen, "        "),
    `        image:\n          repository: ${IMAGE}\n          tag: `,
    tagValue(pen),
    `${comment(pen)}\n`,
    noise(pen, "        "),
  ];
}

function deployment(pen: Pen): Piece[] {
  const head = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n";
  return [
    head,
    "      - name: checkout\n        image: ",
    referenceValue(pen),
    `${comment(pen)}\n`,
    noise(pen, "        "),
    "      - {name: two,image: ",
    referenceValue(pen),
    " }\n",
  ];
}

function anchored(pen: Pen): Piece[] {
  return [
    noise(pen),
    `base: &base\n  repository: ${IMAGE}\n  pullPolicy: Always\nweb:\n  <<: *base\n  tag: &unread `,
    tagValue(pen),
    `${comment(pen)}\n`,
  ];
}

function fluxChart(pen: Pen): Piece[] {
  if (!isChartTag(pen)) return fluxArtifact(pen);
  const name = `acme-${Math.floor(pen.random() * 1_000_000)}`;
  const repository = `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: ${name}}\nspec: {type: oci, url: oci://ghcr.io/acme}\n`;
  const release = [
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: checkout}\nspec:\n",
    `  chart:\n    spec:\n      chart: checkout\n      sourceRef: {kind: HelmRepository, name: ${name}}\n      version: `,
    chartValue(pen),
    `${comment(pen)}\n`,
    noise(pen, "  "),
  ];
  return pen.random() < 0.5 ? [repository, "---\n", ...release] : [...release, "---\n", repository];
}

function fluxArtifact(pen: Pen): Piece[] {
  const digest: Piece[] = pen.random() < 0.5 ? ["    digest: ", digestValue(pen), `${comment(pen)}\n`] : [];
  return [
    `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: checkout}\nspec:\n  url: oci://${IMAGE}\n`,
    noise(pen, "  "),
    "  ref:\n    tag: ",
    tagValue(pen),
    `${comment(pen)}\n`,
    ...digest,
  ];
}

function applicationSources(pen: Pen): Piece[] {
  const chart: Piece[] = isChartTag(pen)
    ? [
        "    - chart: checkout\n      repoURL: ghcr.io/acme\n      targetRevision: ",
        chartValue(pen),
        `${comment(pen)}\n`,
      ]
    : [];
  return [
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: checkout}\nspec:\n  sources:\n",
    "    - repoURL: https://github.com/acme/config\n      targetRevision: main\n      kustomize:\n        images:\n          - app=",
    { before: `${IMAGE}:1.7.3`, after: `${IMAGE}:${pen.tag}` },
    `${comment(pen)}\n`,
    ...chart,
    `    - {repoURL: oci://${IMAGE}, path: ., targetRevision: `,
    tagValue(pen),
    " }\n",
  ];
}

function syncedChart(pen: Pen): Piece[] {
  if (!isChartTag(pen)) return fluxArtifact(pen);
  return [
    "apiVersion: configsync.gke.io/v1beta1\nkind: RootSync\nspec:\n  sourceType: helm\n  helm: {repo: oci://ghcr.io/acme, chart: checkout, version: ",
    chartValue(pen),
    "}\n",
    noise(pen, "  "),
  ];
}

function kustomizedChart(pen: Pen): Piece[] {
  if (!isChartTag(pen)) return kustomization(pen);
  return [
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nhelmCharts:\n- name: checkout\n  repo: oci://ghcr.io/acme\n  version: ",
    chartValue(pen),
    `${comment(pen)}\n`,
    noise(pen),
  ];
}

const REFUSED: readonly [string, ...string[]] = [
  `image:\n  repository: ${IMAGE}\n  tag: ""\n`,
  `image:\n  repository: ${IMAGE}\n  tag:\n`,
  `image:\n  repository: ${IMAGE}\n`,
  `image: |\n  ${IMAGE}:1.7.3\n`,
  `version: &v 1.7.3\nimage:\n  repository: ${IMAGE}\n  tag: *v\n`,
  `image: &i\n  repository: ${IMAGE}\n  tag: 1.7.3\nweb:\n  image: *i\n`,
  `base: &b {repository: ${IMAGE}, tag: 1.7.3}\nweb:\n  <<: *b\n  port: 1\n`,
  `image:\n  repository: ${IMAGE}\n  tag: 1.7.3\n  tag: 1.7.2\n`,
  `image:\n  repository: ${IMAGE}\n  tag: !version 1.7.3\n`,
  `image:\n  repository: ${IMAGE}\n  tag: "{{ .Values.tag }}"\n`,
  `image: ${IMAGE}:1.7.3\ntag: {{ .Values.tag }}\n`,
  `image: ${IMAGE}:1.7.3\n{{- if .Values.on }}\nmore: 1\n{{- end }}\n`,
  `image: ${IMAGE}:1.7.3\nbroken: [\n`,
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nspec: {url: "oci://${IMAGE}", ref: {semver: ">=1.0"}}\n`,
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {chart: checkout, repoURL: ghcr.io/acme, targetRevision: 1.*}}\n`,
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {chart: {spec: {chart: checkout, version: 1.7.3, sourceRef: {kind: HelmRepository, name: nowhere}}}}\n`,
];

const FORMS = [
  helmValues,
  flowValues,
  kustomization,
  helmRelease,
  application,
  deployment,
  anchored,
  fluxChart,
  fluxArtifact,
  applicationSources,
  syncedChart,
  kustomizedChart,
] as const;

export function writeCorpus({ seed, files }: { readonly seed: number; readonly files: number }): readonly CorpusFile[] {
  const random = seededRandom(seed);
  return Array.from({ length: files }, (_, index) => writeFile({ random, index }));
}

function writeFile({ random, index }: { readonly random: () => number; readonly index: number }): CorpusFile {
  const [tag, quoted] = TAGS[index % TAGS.length] ?? ["1.8.0", false];
  const pen: Pen = { random, tag, quoted };
  const documents = random() < 0.4 ? 1 + Math.floor(random() * 4) : 1;
  const pieces: Piece[] = [pick(pen, ["", "---\n", "# first\n---\n", "\n"])];
  for (let document = 0; document < documents; document += 1) {
    if (document > 0) pieces.push(pick(pen, ["---\n", "--- # next\n", "---\nkind: ConfigMap\ndata: {a: b}\n---\n"]));
    pieces.push(...(FORMS[Math.floor(random() * FORMS.length)] ?? helmValues)(pen));
  }
  const refused = random() < 0.1;
  if (refused) pieces.push("---\n", pick(pen, REFUSED));
  const finish = finisher(pen);
  return {
    path: `apps/checkout/${index}/values.yaml`,
    before: finish(pieces.map((piece) => (typeof piece === "string" ? piece : piece.before)).join("")),
    after: finish(pieces.map((piece) => (typeof piece === "string" ? piece : piece.after)).join("")),
    tag,
    values: pieces.filter((piece) => typeof piece !== "string" && piece.before !== piece.after).length,
    refused,
  };
}

function finisher(pen: Pen): (text: string) => string {
  const newline = pick(pen, ["\n", "\n", "\r\n"]);
  const mark = pen.random() < 0.1 ? "\uFEFF" : "";
  const bare = pen.random() < 0.2;
  return (text) => mark + (bare ? text.replace(/\n+$/, "") : text).replaceAll("\n", newline);
}

/** One file of about `bytes` with many documents, of which every `every`-th names the image. */
export function writeLargeFile({ bytes, every }: { readonly bytes: number; readonly every: number }): {
  readonly text: string;
  readonly documents: number;
  readonly naming: number;
} {
  const parts: string[] = [];
  let [length, naming] = [0, 0];
  while (length < bytes) {
    const names = parts.length % every === every - 1;
    const image = names ? `${IMAGE}:1.7.3` : `ghcr.io/acme/service-${parts.length}:1.7.3`;
    if (names) naming += 1;
    const lines = Array.from(
      { length: 60 },
      (_, line) => `    key-${line}: "value ${line} of ${parts.length}" # kept`,
    ).join("\n");
    const part = `---\nkind: Deployment\nmetadata:\n  name: service-${parts.length}\n  annotations:\n${lines}\nspec:\n  image: ${image}\n`;
    parts.push(part);
    length += part.length;
  }
  return { text: parts.join(""), documents: parts.length, naming };
}
