// A config repository with so many services, each in three environments, as a platform team would have it: one pipeline
// for every folder, by `for-each`. Sizes are the bench's only difference between one run and another.

export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export const FLEET = "acme/fleet";

export interface FleetSize {
  readonly services: number;
  /** How often each file names the image. */
  readonly places: number;
}

export function serviceName(number: number): string {
  return `service-${String(number).padStart(4, "0")}`;
}

export function writeFleet({ services, places }: FleetSize, registry: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = { ".github/stagecoach.yaml": pipelineFile(registry) };
  for (let number = 1; number <= services; number += 1) {
    const name = serviceName(number);
    for (const environment of ENVIRONMENTS) {
      const image = `${registry}/acme/${name}:1.0.0`;
      files[`services/${name}/${environment}/deployment.yaml`] = deployment({ name, environment, image, places });
    }
  }
  return files;
}

function pipelineFile(registry: string): string {
  return `version: 1
mode: full
limits: { open: 500, hourly: 500 }
pipelines:
  - name: "{app}"
    for-each: "services/{app}"
    images: [{ image: "${registry}/acme/{app}", policy: { semver: "*" } }]
    environments:
      - { name: dev, paths: ["services/{app}/dev"] }
      - { name: staging, after: [dev], paths: ["services/{app}/staging"] }
      - { name: prod, after: [staging], paths: ["services/{app}/prod"] }
`;
}

interface Deployed {
  readonly name: string;
  readonly environment: string;
  readonly image: string;
  readonly places: number;
}

function deployment({ name, environment, image, places }: Deployed): string {
  const containers = Array.from(
    { length: places },
    (_, index) => `        - name: ${name}-${index + 1} # one of ${places}
          image: ${image}
          resources: { limits: { memory: 256Mi } }
`,
  );
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${environment} }
spec:
  replicas: 2
  template:
    spec:
      containers:
${containers.join("")}`;
}
