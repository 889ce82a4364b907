import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configure } from "../../src/families/configure.ts";
import { toPng } from "../../src/render/png.ts";
import { inkInCells, strokesInCells } from "../render/cells.ts";
import { pictureAfter, readGif } from "../render/gif-reader.ts";
import { visiblyDifferent } from "../render/references.ts";
import { small } from "../training/tiny.ts";
import { cizgi, type Finished, start } from "./cizgi.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-train-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);

/** A run of seconds. */
const tiny = { ...small, drawEvery: 2 };
writeFileSync(place("tiny.json"), JSON.stringify(tiny));
const train = (...args: string[]) => ["train", "--config", "tiny.json", ...args];

const json = (...names: string[]) => JSON.parse(readFileSync(place(...names), "utf8"));

/** When each file below a folder was last written. */
const timesOf = (path: string) =>
  readdirSync(path, { recursive: true }).map((name) => [name, statSync(join(path, String(name))).mtimeMs]);

describe("a run from drawings to report", () => {
  let finished: Finished;
  beforeAll(async () => {
    finished = await cizgi(folder, train("--preset", "baseline", "--categories", "Cat,BUS", "--out", "run"));
  });

  test("succeeds, tells its way on stderr and where to look on stdout", () => {
    const { code, stdout, stderr } = finished;
    expect(String(stdout)).toBe(
      "Look at run/overview.png and run/cat/generation_0.gif\nDraw more: npx cizgi sample cat --model run\nMeasure:   npx cizgi evaluate --model run\n",
    );
    expect(stderr).toMatch(/Training 0\.\d M weights on 50 drawings in run\./);
    expect(code).toBe(0);
    // However they were spelled.
    expect(json("run/config.json").data.categories).toEqual(["cat", "bus"]);
  });

  test("leaves the seed's layout, an SVG beside every PNG, and nothing unfinished", () => {
    const pictures = ["final_grid", "real_test_grid", "epoch_2_grid"].flatMap((name) => [
      `${name}.png`,
      `${name}.svg`,
    ]);
    const others = ["generation_0.gif", "generation_1.gif", "generation_2.gif", "stats.json", "metrics.json"];
    for (const category of tiny.categories)
      expect(readdirSync(place("run", category)).sort()).toEqual([...pictures, ...others].sort());
    expect(readdirSync(place("run")).sort()).toEqual(
      [
        ...["overview", "training_loss"].flatMap((name) => [`${name}.png`, `${name}.svg`]),
        ...["all_results.json", "config.json", "log.jsonl", "checkpoints", "model", "subset", "bus", "cat"],
      ].sort(),
    );
    expect(readdirSync(place("run/model")).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "scheduler_config.json",
    ]);
    expect(readFileSync(place("run/log.jsonl"), "utf8").trimEnd().split("\n").length).toBe(24);
    expect(json("run/subset/cat/indices.json")).toMatchObject({ train: { length: 25 }, test: { length: 5 } });
  });

  test("measures all drawings, and beside them the seed's choice of them", () => {
    const numbers = { pixelFid: expect.any(Number), pixelKid: expect.any(Number), real: 5 };
    const metrics = {
      all: { ...numbers, generated: 5 },
      cherryPicked: { ...numbers, generated: 2 },
    };
    expect(json("run/cat/metrics.json")).toEqual(metrics);
    expect(json("run/all_results.json")).toEqual({ cat: metrics, bus: metrics });
    expect(json("run/bus/stats.json")).toEqual({
      mean: [expect.any(Number), expect.any(Number)],
      std: expect.any(Number),
    });
  });

  test("its pictures are pictures", () => {
    const svg = (name: string) => readFileSync(place("run", `${name}.svg`), "utf8");
    const png = (name: string) => readFileSync(place("run", `${name}.png`));
    const inkIn = (name: string) => strokesInCells(svg(name)).map((strokes) => strokes > 0);
    expect(inkIn("cat/real_test_grid")).toEqual(Array.from({ length: tiny.draws }, () => true));
    // A drawing of so short a run may have no stroke at all.
    for (const name of ["cat/final_grid", "bus/final_grid"]) expect(inkIn(name)).toHaveLength(tiny.draws);
    expect(inkIn("cat/epoch_2_grid")).toHaveLength(10);
    expect(inkIn("overview")).toEqual([...inkIn("cat/final_grid"), ...inkIn("bus/final_grid")]);
    for (const name of ["overview", "cat/final_grid", "cat/epoch_2_grid", "cat/real_test_grid"])
      expect(inkInCells(png(name))).toEqual(inkIn(name));
    expect(visiblyDifferent(png("training_loss"), toPng(svg("training_loss")))).toBe(0);
    for (const [i, inked] of inkIn("cat/final_grid").slice(0, 3).entries()) {
      const gif = readGif(readFileSync(place(`run/cat/generation_${i}.gif`)));
      expect([gif.frames.length > 1, pictureAfter(gif).some((level) => level > 8)]).toEqual([inked, inked]);
    }
  });

  test("draws", async () => {
    const { code, stdout } = await cizgi(folder, ["sample", "bus", "--model", "run", "--json"]);
    expect(JSON.parse(String(stdout))).toMatchObject({ out: "bus.png", steps: 3 });
    expect(code).toBe(0);
  });

  test("is not trained over: another run in its folder is refused, and changes nothing", async () => {
    const before = timesOf(place("run"));
    const { code, stderr } = await cizgi(folder, train("--out", "run", "--limit", "60"));
    expect(stderr).toContain(
      "error: run already holds a training run; continue it with --resume or choose another --out.",
    );
    expect(code).toBe(1);
    expect(timesOf(place("run"))).toEqual(before);
  });

  test("is not resumed with other drawings or another network", async () => {
    const drawings = await cizgi(folder, ["train", "--resume", "--out", "run", "--limit", "36"]);
    const network = await cizgi(folder, ["train", "--resume", "--out", "run", "--base-channels", "16"]);
    expect(drawings.stderr).toContain("was made with other training drawings");
    expect(network.stderr).toContain("was trained with baseChannels 8, now it is 16");
    expect([drawings.code, network.code]).toEqual([1, 1]);
    expect(json("run/subset/cat/indices.json").train.length).toBe(25);
    expect(json("run/config.json")).toMatchObject({ data: { limit: 30 }, network: { baseChannels: 8 } });
  });
});

describe("Ctrl-C", () => {
  const long = ["--epochs", "20", "--draw-every", "0", "--checkpoint-every", "100000"];
  const final = "checkpoints/checkpoint-00000120.safetensors";

  test("writes a checkpoint and exits 130; resumed, the run ends with the same bits", async () => {
    const whole = cizgi(folder, train(...long, "--out", "whole", "--quiet", "--json"));
    const { child, finished } = start(folder, train(...long, "--out", "stopped"));
    const log = place("stopped/log.jsonl");
    while (!existsSync(log) || readFileSync(log, "utf8").split("\n").length < 5) await setTimeout(5);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await finished;
    expect({ code, stdout: String(stdout) }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(
      /^Saved stopped\/checkpoints\/.*; go on with: npx cizgi train --resume --out stopped$/m,
    );
    expect(stderr).toMatch(/^interrupted$/m);
    const [checkpoint] = readdirSync(place("stopped/checkpoints"));
    const steps = readFileSync(log, "utf8").trimEnd().split("\n").length;
    expect(checkpoint).toBe(`checkpoint-${String(steps).padStart(8, "0")}.safetensors`);
    expect(steps).toBeLessThan(120);

    const resumed = await cizgi(folder, ["train", "--resume", "--out", "stopped", "--json"]);
    expect(resumed.stderr).toContain(`from step ${steps}.`);
    expect(resumed.code).toBe(0);
    const { code: wholeCode, stdout: results, stderr: said } = await whole;
    expect({ wholeCode, said }).toEqual({ wholeCode: 0, said: "" });
    for (const file of [final, "model/model.safetensors"])
      expect(readFileSync(place("stopped", file)).equals(readFileSync(place("whole", file)))).toBe(true);
    // The same weights draw the same drawings, so that the results are the same as well.
    expect(JSON.parse(String(resumed.stdout)).results).toEqual(JSON.parse(String(results)).results);
  });
});

describe.concurrent("what cannot be trained is refused at once", () => {
  test.each([
    [["--categories", "cat,buss"], 1, 'the synthetic source has no category "buss". Did you mean "bus"?'],
    [["--categories", "cat,Cat"], 2, 'categories: expected each category once, found ["cat","cat"]'],
    [["--limit", "10"], 1, "cat: too few drawings: 1 held out from training, the report needs 2; use more."],
    [["--out", "tiny.json/run"], 1, "cannot write into the folder tiny.json/run:"],
    [
      ["--resume", "--out", "runs/latest"],
      1,
      "cannot read runs/latest/config.json: there is no such file or folder",
    ],
  ])("%j", async (args, expected, message) => {
    // Each in a folder of its own, but for the flags that come later.
    const { code, stdout, stderr } = await cizgi(
      folder,
      train("--out", args.join("").replaceAll("/", ""), ...args),
    );
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m); // no stack
    expect({ code, stdout: String(stdout) }).toEqual({ code: expected, stdout: "" });
  });

  test("--dry-run shows the configuration and leaves nothing", async () => {
    const { code, stdout } = await cizgi(folder, train("--dry-run", "--out", "never"));
    expect(JSON.parse(String(stdout))).toEqual({ ...configure("quick", tiny), origin: { command: "train" } });
    expect(code).toBe(0);
    expect(existsSync(place("never"))).toBe(false);
  });
});
