import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { openSource } from "../../src/data/source.ts";
import { saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { replayGif } from "../../src/render/gif.ts";
import { toPng } from "../../src/render/png.ts";
import { toSvg } from "../../src/render/svg.ts";
import { untrained } from "../families/tiny-model.ts";
import { strokesIn, strokesInCells } from "../render/cells.ts";
import { readGif } from "../render/gif-reader.ts";
import { darkPixels } from "../render/pixels.ts";
import { visiblyDifferent } from "../render/references.ts";
import { cizgi } from "./cizgi.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-sample-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);
const run = (...args: string[]) => cizgi(folder, ["sample", "--model", "runs/latest", ...args]);

const model = untrained();
beforeAll(() => saveModel(place("runs/latest/model"), model));

/** What the command draws, drawn here. */
const drawn = (category: string, count = 1, seed = 0) => collect(sample(model, { category, count, seed }));
const strokeCounts = (drawings: Awaited<ReturnType<typeof drawn>>) =>
  drawings.map(({ strokes }) => strokes.length);

/** Expects a PNG to show the one drawing that the command makes of a category. */
async function expectToShow(png: Uint8Array, category: string): Promise<void> {
  const [sketch] = await drawn(category);
  expect(visiblyDifferent(png, toPng(toSvg(sketch)))).toBe(0);
  expect(darkPixels(png)).toBeGreaterThan(100);
}

describe.concurrent("cizgi sample writes", () => {
  test("one drawing as a picture, in the folder at hand, and says where on stdout", async () => {
    const { code, stdout } = await run("cat");
    expect({ code, stdout: String(stdout) }).toEqual({ code: 0, stdout: "cat.png\n" });
    await expectToShow(readFileSync(place("cat.png")), "cat");
  });

  test("several as a grid, in the form that the ending names", async () => {
    const { code, stdout } = await run("bus", "--count", "4", "--out", "buses.svg", "--json", "--seed", "5");
    expect(JSON.parse(String(stdout))).toEqual({
      out: "buses.svg",
      format: "svg",
      category: "bus",
      count: 4,
      seed: 5,
      steps: 4,
      guidance: 3,
      sampler: "ddim",
      eta: 0,
    });
    const svg = readFileSync(place("buses.svg"), "utf8");
    expect(strokesInCells(svg)).toEqual(strokeCounts(await drawn("bus", 4, 5)));
    expect(svg).toContain("bus");
    expect(code).toBe(0);
  });

  test("strokes alone for a plotter", async () => {
    const plotter = ["--paper", "none", "--size", "120.5mm", "--quiet"];
    const [one, several] = await Promise.all([
      run("cat", ...plotter, "--out", "plot.svg"),
      run("cat", ...plotter, "--count", "3", "--out", "plots.svg"),
    ]);
    expect([one.code, several.code]).toEqual([0, 0]);
    for (const name of ["plot.svg", "plots.svg"]) {
      const svg = readFileSync(place(name), "utf8");
      expect(svg).toMatch(/^<svg [^>]*width="120\.5mm" height="120\.5mm"/);
      expect(new Set(svg.match(/<\w+/g))).toEqual(new Set(["<svg", "<g", "<path"]));
      const counts = strokeCounts(await drawn("cat", name === "plot.svg" ? 1 : 3));
      expect(strokesIn(svg)).toBe(counts.reduce((sum, count) => sum + count, 0));
    }
  });

  test("a GIF that draws stroke by stroke", async () => {
    expect((await run("cat", "--out", "cat.gif", "--quiet")).code).toBe(0);
    const [sketch] = await drawn("cat");
    const { width, frames } = readGif(readFileSync(place("cat.gif")));
    expect(frames.length).toBe(readGif(replayGif(sketch)).frames.length);
    expect([width, frames.length > sketch.strokes.length]).toEqual([512, true]);
  });

  test("nothing outside of where it was told to, whatever the model calls its categories", async () => {
    const categories = ["../../x", "/tmp/cizgi-y", "a\x1b[2Jb"];
    const [one] = Object.values(model.config.learnt.normalisation);
    const normalisation = Object.fromEntries(categories.map((name) => [name, one]));
    await saveModel(place("deep/er/model"), untrained({ categories, learnt: { normalisation } }));
    const draw = (...args: string[]) => cizgi(place("deep/er"), ["sample", "--model", "model", ...args]);
    await draw("../../x", "--out", "dir/", "--format", "svg");
    await draw("/tmp/cizgi-y", "--quiet");
    const { code, stdout, stderr } = await draw("a\x1b[2Jb", "--format", "svg");
    expect(code, stderr).toBe(0);
    expect(String(stdout)).toBe("a%1B[2Jb.svg\n");
    expect(readdirSync(place("deep/er/dir"))).toEqual(["%2E.%2F..%2Fx-0-0.svg"]);
    expect(
      readdirSync(place("deep/er"))
        .filter((name) => name !== ".cache")
        .sort(),
    ).toEqual(["%2Ftmp%2Fcizgi-y.png", "a%1B[2Jb.svg", "dir", "model"]);
    expect(readdirSync(place("deep"))).toEqual(["er"]);
    expect(existsSync("/tmp/cizgi-y.png")).toBe(false);
  });

  test("a folder of one file a drawing", async () => {
    const { code, stderr } = await run(
      "--category",
      "cat",
      "--count",
      "3",
      "--out",
      "cats/",
      "--format",
      "svg",
      "--quiet",
    );
    expect(readdirSync(place("cats")).sort()).toEqual(["cat-0-0.svg", "cat-0-1.svg", "cat-0-2.svg"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("ndjson that reads back as the drawings they are", async () => {
    expect((await run("cat", "--count", "5", "--seed", "9", "--out", "drawn/cat.ndjson")).code).toBe(0);
    const read = await collect((await openSource(place("drawn"))).drawings("cat"));
    const here = await drawn("cat", 5, 9);
    expect(read.length).toBe(5);
    for (const [i, { sketch }] of read.entries()) {
      expect(sketch.word).toBe("cat");
      expect(sketch.strokes.length).toBe(here[i].strokes.length);
      for (const [j, { x, y }] of sketch.strokes.entries()) {
        for (const [k, value] of x.entries()) expect(value).toBeCloseTo(here[i].strokes[j].x[k], 1);
        for (const [k, value] of y.entries()) expect(value).toBeCloseTo(here[i].strokes[j].y[k], 1);
      }
    }
  });

  test("to stdout nothing but the data: a picture unless told, with what else there is to say on stderr", async () => {
    const [picture, lines, quiet] = await Promise.all([
      run("cat", "--out", "-"),
      run("cat", "--out", "-", "--format", "ndjson", "--count", "2"),
      run("bus", "--out", "-", "--format", "svg", "--quiet"),
    ]);
    await expectToShow(picture.stdout, "cat");
    const drawings = String(lines.stdout).trimEnd().split("\n");
    expect(drawings.map((line) => JSON.parse(line).index)).toEqual([0, 1]);
    const [bus] = await drawn("bus");
    expect(String(quiet.stdout)).toBe(toSvg(bus));
    expect(quiet.stderr).toBe("");
    expect([picture.code, lines.code, quiet.code]).toEqual([0, 0, 0]);
  });

  test("nothing where it only says what it would do", async () => {
    const { code, stdout } = await run("cat", "--dry-run", "--steps", "2", "--out", "never.png");
    expect(String(stdout)).toBe(
      "would draw 1 x cat with 2 steps of ddim, guidance 3, eta 0, seed 0, as png to never.png\n",
    );
    expect(readdirSync(folder)).not.toContain("never.png");
    expect(code).toBe(0);
  });
});

describe.concurrent("cizgi sample refuses", () => {
  test.each([
    [["kat", "--dry-run"], 1, 'this model has no category "kat". Did you mean "cat"? It has cat, bus.'],
    [[], 2, "say what to draw: cat, bus. For example: npx cizgi sample cat --model runs/latest"],
    [["cat", "--out", "cat.bmp"], 2, "must be one of .png, .svg, .gif, .ndjson; or give --format"],
    [["cat", "--size", "100"], 2, '--size takes a length such as 100mm, found "100".'],
    [["cat", "--size", "0mm"], 2, '--size takes a length such as 100mm, found "0mm".'],
    [["cat", "--paper", "none"], 2, "--paper is for SVG, found the format png"],
    [["cat", "--animated"], 2, "--animated is for SVG, found the format png"],
    [
      ["cat", "--animated", "--count", "2", "--out", "a.svg"],
      2,
      "--animated is for one drawing a file, found --count 2",
    ],
    [["cat", "--steps", "101"], 1, "steps 101: this model has 100 time steps"],
    [["cat", "--model", "nowhere"], 1, "nowhere: no model found there"],
    [
      ["cat", "--out", "wall/cat.png"],
      1,
      "cannot write into the folder wall: a file of that name is in the way",
    ],
  ])("%j with exit code %i", async (args, expected, message) => {
    writeFileSync(place("wall"), "in the way");
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m); // no stack
    expect({ code, stdout: String(stdout) }).toEqual({ code: expected, stdout: "" });
  });
});
