#!/usr/bin/env node
// The program's entry: checks Node before any TypeScript is loaded, then hands over to src/index.ts.

import "./require-node.js";

// A reader that has seen enough (`stagecoach plan … | head`) is no failure.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});

const { main } = await import("../src/index.ts");
process.exitCode = await main(process.argv.slice(2));

// A command that is over is over, whatever connection or timer it left behind.
setTimeout(() => process.exit(), 2_000).unref();
