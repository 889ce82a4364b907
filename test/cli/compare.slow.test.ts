import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { UserError } from "../../src/base/errors.ts";
import { compareCommand } from "../../src/cli/commands/compare.ts";
import { readRunConfig } from "../../src/families/configure.ts";
import { checkpointOf } from "../../src/training/run.ts";
import { trainEntry } from "../../src/workflows/compare/train-entry.ts";
import { silent } from "../../src/workflows/reporter.ts";
import { writeDrawings } from "./drawings.ts";
import { runHere } from "./in-process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-compare-"));
afterAll(() => rmSync(root, { recursive: true }));

const out = join(root, "out");
const data = join(root, "data");
writeDrawings(data, { categories: ["bus", "cat"], count: 120 });
const compare = (families: string, ...others: string[]) =>
  runHere(compareCommand(), [
    ...["--families", families, "--core-minutes", "0.001", "--categories", "all", "--data", data],
    ...["--train-size", "64", "--count", "24", "--threads", "1", "--out", out, "--quiet", ...others],
  ]);
const read = (name: string): string => readFileSync(join(out, name), "utf8");
const measured = { rows: z.array(z.object({ name: z.string() })), count: z.number() };
const resultSchema = z.object({
  evaluation: z.object({ ...measured, secondJudge: z.object(measured) }),
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

    expect(JSON.parse(read("comparison.json"))).toMatchObject({ categories: ["bus", "cat"] });

    // All that the data has, by other spellings of their names.
    const { stdout } = await compare("unet1d,full-sequence", "--categories", "Bus,kedi");
    expect(read("unet1d-0.001/trained.json")).toBe(first);
    const { evaluation, families } = resultSchema.parse(JSON.parse(read("families.json")));
    expect(evaluation.count).toBe(24);
    expect(families.map(({ name }) => name)).toEqual(["unet1d-0.001", "full-sequence-0.001"]);
    expect(families[0]?.settings).toBe(`10 steps of dpm, guidance ${settings.guidance}, eta 1`);
    expect(evaluation.rows.slice(1).map(({ name }) => name)).toEqual(families.map(({ name }) => name));
    const rowsOf = ({ rows }: typeof evaluation.secondJudge) => rows.map(({ name }) => name);
    expect(rowsOf(evaluation.secondJudge)).toEqual(rowsOf(evaluation));
    expect(stdout).toBe(`${read("families.md")}\n`);
    expect(stdout).toMatch(/\| QD28: KID × 1000 ↓ \| QD28: recall ↑ \| QD28: top-1 ↑ \| works \|$/m);
    expect(stdout).toMatch(/^\| `full-sequence` \| 0.001 \| 1.82 M \|/m);
    // Two categories: three real ones, three of each family.
    expect(read("side-by-side.svg").match(/<path /g)).toHaveLength(2 * 3 * 3);
  }, 120_000);

  test("a family is trained once for every seed that is asked for, beside what the folder holds", async () => {
    const { stdout } = await compare("unet1d", "--seeds", "7");
    const { config } = readRunConfig(JSON.parse(read("unet1d-0.001-seed7/config.json")), "config");
    expect(Object.values(config.optimisation)).toMatchObject([{ seed: 7 }]);
    expect(stdout).toMatch(/^\| `unet1d`, seed 7 \| 0.001 \|/m);
    await expect(compare("unet1d", "--seeds", "7,7")).rejects.toThrow(
      "--families, --core-minutes and --seeds: expected each once.",
    );
  }, 120_000);

  test("a folder of another comparison is refused", async () => {
    await expect(compare("unet1d", "--count", "30")).rejects.toThrow(
      `${out} holds a comparison with count 24, now it is 30; take the same, or another --out.`,
    );
  });

  test("a category that the data has not is refused before anything is written", async () => {
    const elsewhere = join(root, "elsewhere");
    const refused = compare("unet1d", "--categories", "bus,catt", "--out", elsewhere);
    await expect(refused).rejects.toThrow(`${data} has no category "catt". Did you mean "cat"?`);
    const twice = compare("unet1d", "--categories", "cat,kedi", "--out", elsewhere);
    await expect(twice).rejects.toThrow("expected each category once");
    expect(existsSync(join(elsewhere, "comparison.json"))).toBe(false);
  });

  test("a training that was killed after its time was used up ends with its epoch", async () => {
    const folder = join(out, "unet1d-0.001");
    const file = join(folder, "trained.json");
    const before = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...before, coreMinutes: 5, done: false }));
    const go = async () => {
      const { config } = readRunConfig(
        JSON.parse(readFileSync(join(folder, "config.json"), "utf8")),
        "config",
      );
      const entry = { family: "unet1d", coreMinutes: 0.001 } as const;
      return trainEntry(folder, entry, config, { threads: 1 }, silent, new AbortController().signal);
    };
    const trained = await go();
    expect(trained).toMatchObject({ steps: 2 * before.steps, done: true });
    expect(trained.coreMinutes).toBeGreaterThan(5);

    rmSync(join(folder, "checkpoints"), { recursive: true });
    expect(await go()).toEqual(trained);
  });

  test("a checkpoint of which nobody knows how long it was trained is refused by its name", async () => {
    const folder = join(out, "full-sequence-0.001");
    expect(await checkpointOf(folder)).toBeDefined();
    rmSync(join(folder, "trained.json"));
    const refused = compare("full-sequence");
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(
      `${folder} holds a checkpoint, but no trained.json that says how long it was trained; remove the folder to train it anew.`,
    );
  });

  test("a plan is told without training", async () => {
    const { stdout } = await compare("unet1d,transformer", "--core-minutes", "5,20", "--dry-run");
    expect(stdout).toContain(
      "would train unet1d-5, transformer-5, unet1d-20, transformer-20: 50 core-minutes, in ",
    );
  });
});
