import { afterEach, expect, test, vi } from "vitest";
import { progressBar } from "../../src/cli/progress.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What a bar of three steps writes on a terminal of a kind. */
function writtenOn(terminal: string): string {
  vi.stubEnv("TERM", terminal);
  const { isTTY } = process.stderr;
  process.stderr.isTTY = true;
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const bar = progressBar("draw", 3, "drawings", false);
    for (const done of [1, 2, 3]) bar.update(done);
    bar.finish();
    return written.mock.calls.map(([text]) => String(text)).join("");
  } finally {
    process.stderr.isTTY = isTTY;
  }
}

test("a terminal shows one line that changes", () => {
  expect(writtenOn("xterm")).toContain("\r\x1b[K");
});

test("a dumb terminal is given plain lines without escape codes", () => {
  expect(writtenOn("dumb")).toMatch(/^draw {2}3\/3 drawings[ -~]*\n$/);
});
