// Platforms as images name them: `linux/arm64`, `linux/arm/v7`. Gives every platform one spelling, that of containerd,
// and says whether a platform is among others. Who needs which platform is decided elsewhere.

const PART = "[a-z0-9][a-z0-9_.-]{0,39}";
const PLATFORM = new RegExp(`^(${PART})/(${PART})(?:/(${PART}))?$`);
const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  i386: "386",
  armhf: "arm",
};

/** Those of Linux that Go, and so every container tool, knows. */
export const LINUX_ARCHITECTURES: readonly string[] =
  "386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm".split(" ");

export interface PlatformParts {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** As somebody asks for it: without a variant, any variant will do. `undefined` when the text names no platform. */
export function readPlatform(text: string): string | undefined {
  const match = PLATFORM.exec(text.toLowerCase());
  if (match === null) return undefined;
  const [, os = "", architecture = "", variant] = match;
  return spell({ os, architecture, ...(variant !== undefined && { variant }) });
}

/** As an image says what it is for; `undefined` when what it says names no platform. */
export function namePlatform({ os, architecture, variant = "" }: PlatformParts): string | undefined {
  const usual = variant === "" && spell({ os, architecture }) === `${os}/arm` ? "v7" : variant;
  return readPlatform(usual === "" ? `${os}/${architecture}` : `${os}/${architecture}/${usual}`);
}

/** Those of `wanted` that are not among the platforms of an image. */
export function missingPlatforms(wanted: readonly string[], platforms: readonly string[]): readonly string[] {
  return wanted.filter((each) => !platforms.some((platform) => platform === each || platform.startsWith(`${each}/`)));
}

/** The variant that every machine of an architecture has is not written. */
function spell({ os, architecture, variant = "" }: PlatformParts): string {
  const name = Object.hasOwn(ARCHITECTURES, architecture) ? ARCHITECTURES[architecture] : architecture;
  const version = /^[0-9]+$/.test(variant) ? `v${variant}` : variant;
  const isUsual = version === "" || (name === "arm64" && version === "v8") || (name === "amd64" && version === "v1");
  return isUsual ? `${os}/${name}` : `${os}/${name}/${version}`;
}
