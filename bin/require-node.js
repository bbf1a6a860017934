// Stops with a sentence instead of a syntax error where Node is too old to run TypeScript.
// The lockfile brings Node 24 for Linux and Windows as an optional dependency, and npm scripts find it first;
// it is absent where it was left out (`--omit=optional`) or on macOS, where the system's Node has to be new enough.

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 24 || (major === 24 && minor < 18)) {
  console.error(
    `Stagecoach needs Node 24.18 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "Run `npm ci` with optional dependencies, which brings Node 24 on Linux and Windows, or install Node 24.",
  );
  process.exit(2);
}
