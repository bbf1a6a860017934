// How the demo shows GitHub's Markdown in a terminal.

import assert from "node:assert/strict";
import { test } from "node:test";
import { renderMarkdown } from "./render-markdown.ts";
import { createTerminal } from "./terminal.ts";

const DIGEST = `sha256:0123456789ab${"c".repeat(52)}`;
const BODY = `Merging this moves **live** to \`1.8.0\`.

### Gates

| Gate | | Why |
| :-- | :-- | :-- |
| soak | ⏳ waiting | until \`10:40\` |
| merged in canary | ✅ passed | #3 |

- \`live/app.yaml:7\`: \`1.7.0\` → \`1.8.0\`

<details>
<summary>Full digests</summary>

- \`${DIGEST}\`

</details>

To decline it, close the pull request.

<!-- stagecoach:description 0123 -->`;

const plain = createTerminal({ colours: false });

test("tables are aligned, folded parts named, markers left out", () => {
  assert.equal(
    renderMarkdown(BODY, { ...plain, unfold: false }).join("\n"),
    `Merging this moves live to 1.8.0.

Gates

Gate                          Why
────────────────  ──────────  ───────────
soak              ⏳ waiting  until 10:40
merged in canary  ✅ passed   #3

• live/app.yaml:7: 1.7.0 → 1.8.0

▸ Full digests (folded)

To decline it, close the pull request.`,
  );
});

test("unfolded, it shows the whole digests", () => {
  assert.ok(renderMarkdown(BODY, { ...plain, unfold: true }).includes(`• ${DIGEST}`));
});

test("a table that is too wide breaks its widest cells", () => {
  const lines = renderMarkdown("| A | B |\n| - | - |\n| short | a long cell of many words |", {
    ...plain,
    width: 20,
    unfold: false,
  });
  assert.deepEqual(lines, ["A      B", "─────  ─────────────", "short  a long cell", "       of many words"]);
});

test("colours are written only where they are wanted", () => {
  const [line = ""] = renderMarkdown("`1.8.0`", { ...createTerminal({ colours: true }), unfold: false });
  assert.equal(line, "\u001b[36m1.8.0\u001b[39m");
});
