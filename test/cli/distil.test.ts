import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { distilCommand } from "../../src/cli/commands/distil.ts";
import { readJsonLines } from "../../src/files/jsonl.ts";
import { loadModel, saveModel } from "../../src/node/model.ts";
import type { StepReport } from "../../src/training/loop.ts";
import { untrained } from "../families/tiny-model.ts";
import { runHere } from "./in-process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-distil-"));
afterAll(() => rmSync(root, { recursive: true }));
const place = (...names: string[]) => join(root, ...names);
const run = (teacher: string, ...args: string[]) =>
  runHere(distilCommand(), ["--teacher", place(teacher), "--data", "synthetic", ...args]);

const teacher = untrained({ network: { points: 48 } });
beforeAll(async () => {
  await saveModel(place("teacher"), teacher);
  await saveModel(place("headed"), untrained({ network: { pen: "head", prediction: "noise" } }));
});

const few = ["--limit", "40", "--batch-size", "8", "--draws", "5", "--quiet"];

describe("cizgi distil", () => {
  test("makes a student of the teacher's size and ways, which asks once for guidance", async () => {
    const out = place("student");
    const two = ["--epochs", "1", "--sampling-steps", "2", "--guidance", "2"];
    const { stdout } = await run("teacher", ...few, ...two, "--out", out);
    expect(stdout).toContain(`npx cizgi evaluate --model ${out}`);
    const student = await loadModel(out);
    const sampling = { steps: 2, guidance: 1, sampler: "ddim", eta: 0 };
    expect(student.config).toEqual({ ...teacher.config, sampling });
    expect(student.weights).not.toEqual(teacher.weights);
  });

  test("teaches any guidance up to a weight, once", async () => {
    const out = place("conditioned");
    await run("teacher", ...few, "--epochs", "1", "--substeps", "1", "--max-guidance", "4", "--out", out);
    const { config } = await loadModel(out);
    expect(config).toEqual({ ...teacher.config, network: { ...teacher.config.network, maxGuidance: 4 } });
    await expect(runHere(distilCommand(), ["--teacher", out, "--max-guidance", "3"])).rejects.toThrow(
      "has guidance distilled already, up to 4; leave --max-guidance out.",
    );
    await expect(runHere(distilCommand(), ["--teacher", out, "--substeps", "1"])).rejects.toThrow(
      `--substeps 1 would teach the guidance alone, which ${out} has distilled already; take 2 or more.`,
    );
    await expect(run("teacher", "--max-guidance", "2", "--guidance", "3")).rejects.toThrow(
      "guidance 3: the student learns up to 2; take less.",
    );
  });

  test("refuses another size than the teacher's, and teachers that it cannot follow", async () => {
    await expect(run("teacher", "--base-channels", "16", "--out", place("no"))).rejects.toThrow(
      "baseChannels 16: the student begins as its teacher, which has 8; leave baseChannels out.",
    );
    await expect(run("headed", "--out", place("no"))).rejects.toThrow(
      "predicts noise with the pen as head: only networks that predict v",
    );
  });
});

describe("categories", () => {
  test("that the teacher does not know are refused before any drawing is read", async () => {
    const out = place("unknown");
    await expect(
      run("teacher", "--categories", "cat,rabbit", "--data", place("nowhere"), "--out", out),
    ).rejects.toThrow(`${place("teacher")} has no category "rabbit".`);
    expect(existsSync(out)).toBe(false);
  });

  test("are learnt under the teacher's labels, however they are called and in whatever order", async () => {
    // Taught its own unguided answers, a student has nothing to learn: its loss is 0, unless it is asked about another category.
    const own = [...few, "--epochs", "1", "--substeps", "1", "--guidance", "1"];
    for (const [i, categories] of ["otobüs", "Bus,CAT", "all"].entries()) {
      const out = place(`own-${i}`);
      await run("teacher", ...own, "--categories", categories, "--out", out);
      const [first] = (await readJsonLines(join(out, "log.jsonl"))) as StepReport[];
      expect(first.losses.loss).toBeCloseTo(0, 10);
      expect(existsSync(join(out, "bus", "metrics.json"))).toBe(true);
      expect(existsSync(join(out, "cat", "metrics.json"))).toBe(i > 0);
      expect((await loadModel(out)).config.categories).toEqual(["cat", "bus"]);
    }
  });
});
