import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawSynthetic } from "../../src/data/synthetic.ts";
import { toPng } from "../../src/render/png.ts";
import { writeEvaluationReport } from "../../src/report/evaluation-report.ts";
import { writeGallery } from "../../src/report/gallery.ts";
import { writeCategoryReport, writeEpochGrid, writeOverview } from "../../src/report/run-report.ts";
import { house } from "../render/drawings.ts";
import { reference } from "../render/references.ts";
import { madeUp, madeUpDrawings, secondMadeUp } from "./made-up.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-pictures-"));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (path: string) => readFileSync(join(folder, path), "utf8");

/** A page without the letters of its font, which are ninety times as long as the rest. */
const withoutFont = (page: string) => page.replace(/base64,[\w+/=]+/g, "base64,…");

const drawn = (category: string, count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => drawSynthetic(category, seed, i));

beforeAll(async () => {
  const first = { ...madeUp(["baseline", "distilled"], ["cat", "bus"]), bestOf: 4 };
  const evaluation = { ...first, secondJudge: secondMadeUp(first) };
  await writeEvaluationReport(join(folder, "evaluation"), evaluation, madeUpDrawings(["cat", "bus"], 2));

  const shown = [
    { category: "house", sketches: [house] },
    { category: "cat & co", sketches: drawn("cat", 2, 7) },
  ];
  await writeGallery(join(folder, "gallery"), shown, "seed 7, 50 steps");

  const run = join(folder, "run");
  const category = { category: "cat", real: drawn("cat", 2, 1), generated: drawn("cat", 7, 2) };
  await writeEpochGrid(run, "cat", 2, drawn("cat", 2, 3));
  const result = await writeCategoryReport(run, { ...category, stats: {}, subtitle: "2 epochs, 50 steps" });
  const points = Array.from({ length: 12 }, (_, i) => ({ step: i + 1, loss: 1 / (i + 1) }));
  const other = { category: "bus", generated: drawn("bus", 2, 2) };
  const losses = [{ name: "training", points }];
  await writeOverview(run, { cat: result }, [category, other], losses, "2 epochs, 50 steps");
}, 60_000);

describe("pages and pictures are those that were looked at", () => {
  it.each([
    ["evaluation.html", "evaluation/report.html"],
    ["gallery.html", "gallery/index.html"],
    ["gallery.svg", "gallery/gallery.svg"],
    ["run-epoch.svg", "run/cat/epoch_2_grid.svg"],
    ["run-final.svg", "run/cat/final_grid.svg"],
    ["run-overview.svg", "run/overview.svg"],
    ["run-loss.svg", "run/training_loss.svg"],
  ])("%s", (file, written) => expect(withoutFont(read(written))).toMatchFileSnapshot(reference(file)));

  it.each(["gallery/gallery", "run/cat/final_grid", "run/overview", "run/training_loss"])(
    "%s.png is the picture of the SVG beside it",
    (path) => {
      const png = readFileSync(join(folder, `${path}.png`));
      expect(png.equals(toPng(read(`${path}.svg`)))).toBe(true);
    },
  );
});
