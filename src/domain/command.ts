// Commands: what a person may tell Stagecoach to do, as read from a comment, a button or a checkbox. Who may give one,
// and whether it can be done, is decided elsewhere.

/** They change what Stagecoach does, so an environment may say who gives them. */
export const CHANGING_VERBS = [
  "promote",
  "rollback",
  "hold",
  "resume",
  "block",
  "unblock",
  "override",
  "retag",
  "sandbox",
  "adopt",
  "ignore",
  "retry",
  "refresh",
] as const;

export const VERBS = [...CHANGING_VERBS, "status", "diff", "why", "help"] as const;

export type ChangingVerb = (typeof CHANGING_VERBS)[number];
export type Verb = (typeof VERBS)[number];

/** What a person named. Nothing: what the conversation is about. */
export interface CommandTarget {
  /** `checkout` of `/promote checkout 1.8.0 to staging`, and of `checkout/staging`. */
  readonly pipeline?: string;
  /** An environment; a name that stands alone may turn out to be a pipeline's. */
  readonly name?: string;
}

/** These name where, and nothing else. */
type PlainVerb = "resume" | "adopt" | "retry" | "refresh" | "status" | "diff" | "why";

export type Command =
  /** Without a version: the newest that may come there, also where it was refused before. */
  | { readonly verb: "promote"; readonly target: CommandTarget; readonly version?: string }
  | {
      readonly verb: "rollback";
      readonly target: CommandTarget;
      readonly to?:
        | { readonly kind: "version"; readonly version: string }
        | { readonly kind: "time"; readonly at: number };
    }
  /** `until`: epoch milliseconds. */
  | { readonly verb: "hold"; readonly target: CommandTarget; readonly until?: number; readonly reason?: string }
  | { readonly verb: "block"; readonly version: string; readonly reason: string }
  | { readonly verb: "unblock"; readonly version: string }
  /** `gate`: the word by which people name it, in small letters: `soak`, `healthy`, `window`. */
  | { readonly verb: "override"; readonly gate: string; readonly reason: string }
  /** `until`: epoch milliseconds. */
  | { readonly verb: "ignore"; readonly target: CommandTarget; readonly until?: number }
  | { readonly verb: "sandbox"; readonly target: CommandTarget; readonly release?: true }
  | { [Each in PlainVerb]: { readonly verb: Each; readonly target: CommandTarget } }[PlainVerb]
  | { readonly verb: "retag"; readonly target: CommandTarget; readonly tag: string }
  | { readonly verb: "help"; readonly about?: string };

/** One line of a comment that is meant for us. */
export type CommandLine =
  | { readonly kind: "command"; readonly line: string; readonly command: Command }
  /** Nearly a command: one sentence without a full stop says what is wrong, another what to write. */
  | { readonly kind: "mistake"; readonly line: string; readonly why: string; readonly hint?: string };
