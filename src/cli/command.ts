// What every command gets and gives. The program's adapters come in from `index.ts`, so that commands name none.

import type { Settings } from "../domain/settings.ts";
import type { Forge } from "../forge/forge.ts";
import type { History } from "../forge/history.ts";
import type { Reporter, ReporterOptions } from "../live/reporter/reporter.ts";
import type { Shell } from "../reconcile/shell.ts";
import type { Registry } from "../registry/registry.ts";
import type { Samples } from "../registry/webhooks/sample.ts";
import type { Store } from "../store/store.ts";

/** 0 all is well, 1 findings or failures, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  readonly name: string;
  /** One line for `stagecoach --help`. */
  readonly summary: string;
  /** What `--help` says. `defineCommand` writes it. */
  readonly help: string;
  readonly run: (context: CommandContext) => Promise<ExitCode>;
  /** What it prints may move cursors and change colours: it keeps text from outside from doing so itself. */
  readonly ownsTerminal?: true;
}

export interface CommandContext {
  /** What stands after the command's name. */
  readonly arguments: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly adapters: Adapters;
}

export interface Adapters {
  readonly startApp: (options: AppOptions) => Promise<App>;
  /** A shell that can look and plan, on a store in memory. The caller closes it. */
  readonly openPreview: (options: PreviewOptions) => Promise<Preview>;
  /** Registries as the settings let them be read and written. */
  readonly openRegistry: (settings: Settings) => Registry;
  /** The history of a clone, from Git alone. */
  readonly openHistory: (options: { readonly clone: string }) => History;
  /** What `stagecoach report` reads a cluster and sends its reports with. The caller closes it. */
  readonly openReporter: (options: ReporterOptions) => Reporter;
  /** What senders of webhooks would send, for `stagecoach send-event`. */
  readonly samples: Samples;
  /** Where GitHub's REST API is, at its own host or at an enterprise server's. */
  readonly apiUrl: (server: { readonly host?: string; readonly protocol?: string }) => string;
}

export interface AppOptions {
  readonly app: GithubApp;
  readonly settings: Settings;
  /** A store that is open already, or where to open one. It is closed with the app. */
  readonly store: Store | { readonly databaseUrl?: string; readonly folder?: string };
  readonly http: { readonly host: string; readonly port: number; readonly metricsPort: number };
  readonly logLevel: string;
  /** GitHub's advice to write at most once a second; off in tests and in the demo. */
  readonly throttle: boolean;
  /** Epoch milliseconds; the machine's clock unless given. */
  readonly now?: () => number;
  /** How often every repository is looked at without a reason, milliseconds; ten minutes unless given. */
  readonly lookEvery?: number;
}

export interface GithubApp {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecrets: readonly string[];
  /** Of the REST API. */
  readonly baseUrl: string;
}

export interface App {
  /** Where webhooks are received. */
  readonly url: string;
  readonly operationsUrl: string;
  readonly shell: Shell;
  /** Looks at every repository now. */
  lookEverywhere(): Promise<void>;
  /** Takes nothing new, finishes what runs, closes everything. */
  stop(): Promise<void>;
}

export interface PreviewOptions {
  readonly forge:
    | { readonly kind: "github"; readonly app: GithubApp }
    | {
        readonly kind: "local";
        readonly clone: string;
        /** Instead of the one that is checked out. */
        readonly branch?: string;
        /** `owner/name`, where the clone's remote does not say it. */
        readonly repository?: string;
      };
  readonly settings: Settings;
}

/** Nothing that it can do writes: the writing half of its forge throws. */
export interface Preview {
  readonly shell: Shell;
  readonly forge: Forge;
  readonly registry: Registry;
  close(): Promise<void>;
}
