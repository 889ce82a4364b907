import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startCommand } from "../../src/cli/commands/start.ts";
import { runHere } from "./in-process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-start-"));
afterAll(() => rmSync(root, { recursive: true }));

test("cizgi start draws a gallery of twelve categories by the model that ships, and says how to go on", async () => {
  const out = join(root, "gallery");
  const { stdout } = await runHere(startCommand(), ["--out", out]);
  for (const part of [join(out, "gallery.png"), "npx cizgi sample", "npx cizgi train", "npx cizgi evaluate"])
    expect(stdout).toContain(part);
  const files = readdirSync(out);
  expect(files).toEqual(expect.arrayContaining(["gallery.png", "gallery.svg", "index.html"]));
  const gifs = files.filter((name) => name.endsWith(".gif"));
  expect(gifs).toHaveLength(12);
  expect(gifs).toEqual(expect.arrayContaining(["cat.gif", "bus.gif", "rabbit.gif"]));
  const page = readFileSync(join(out, "index.html"), "utf8");
  expect(page.match(/<button/g)).toHaveLength(12 * 8);
});
