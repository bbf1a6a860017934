#!/usr/bin/env node
// The program's entry: checks Node before any TypeScript is loaded, then hands over to src/index.ts.

import "./require-node.js";

await import("../src/index.ts");
