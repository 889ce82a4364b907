import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { compareCommand } from "../../src/cli/commands/compare.ts";
import { runHere } from "./in-process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-compare-"));
afterAll(() => rmSync(root, { recursive: true }));

const out = join(root, "out");
const compare = (families: string, ...others: string[]) =>
  runHere(compareCommand(), [
    ...["--families", families, "--core-minutes", "0.001", "--categories", "cat,bus", "--data", "synthetic"],
    ...["--train-size", "64", "--count", "24", "--threads", "1", "--out", out, "--quiet", ...others],
  ]);
const read = (name: string): string => readFileSync(join(out, name), "utf8");
const resultSchema = z.object({
  evaluation: z.object({ rows: z.array(z.object({ name: z.string() })), count: z.number() }),
  families: z.array(z.object({ name: z.string(), weights: z.number(), settings: z.string() })),
});

describe.sequential("families side by side", () => {
  test("each is trained, drawn with its best setting and measured; another one joins without training the first again", async () => {
    await compare("unet1d");
    const first = read("unet1d-0.001/trained.json");
    expect(JSON.parse(first)).toMatchObject({ steps: 2, drawings: 128, done: true });
    const { tried, settings } = z
      .object({
        tried: z.array(z.object({ value: z.number(), kid: z.number() })),
        settings: z.object({ guidance: z.number() }),
      })
      .parse(JSON.parse(read("unet1d-0.001/chosen.json")));
    expect(tried.map(({ value }) => value)).toEqual([1, 1.5, 2, 3]);
    const best = tried.reduce((a, b) => (b.kid < a.kid ? b : a));
    expect(settings.guidance).toBe(best.value);

    const { stdout } = await compare("unet1d,full-sequence");
    expect(read("unet1d-0.001/trained.json")).toBe(first);
    const { evaluation, families } = resultSchema.parse(JSON.parse(read("families.json")));
    expect(evaluation.count).toBe(24);
    expect(families.map(({ name }) => name)).toEqual(["unet1d-0.001", "full-sequence-0.001"]);
    expect(families[0]?.settings).toBe(`10 steps of dpm, guidance ${settings.guidance}, eta 1`);
    expect(evaluation.rows.slice(1).map(({ name }) => name)).toEqual(families.map(({ name }) => name));
    expect(stdout).toBe(`${read("families.md")}\n`);
    expect(stdout).toMatch(/^\| `full-sequence` \| 0.001 \| 2.03 M \|/m);
    // Two categories: three real ones, three of each family.
    expect(read("side-by-side.svg").match(/<path /g)).toHaveLength(2 * 3 * 3);
  }, 120_000);

  test("a folder of another comparison is refused", async () => {
    await expect(compare("unet1d", "--count", "30")).rejects.toThrow(
      `${out} holds a comparison with count 24, now it is 30; take the same, or another --out.`,
    );
  });

  test("a plan is told without training", async () => {
    const { stdout } = await compare("unet1d,transformer", "--core-minutes", "5,20", "--dry-run");
    expect(stdout).toContain(
      "would train unet1d-5, transformer-5, unet1d-20, transformer-20: 50 core-minutes, in ",
    );
  });
});
