import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser, parseHTML } from "linkedom";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { toPng } from "../../src/render/png.ts";
import { writeEvaluationReport } from "../../src/report/evaluation-report.ts";
import { evaluationMarkdown } from "../../src/report/evaluation-table.ts";
import { madeUp, madeUpDrawings, secondMadeUp } from "./made-up.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(folder, name), "utf8");
const picture = (name: string) => new DOMParser().parseFromString(read(`${name}.svg`), "image/svg+xml");
const textsOf = (name: string) =>
  [...picture(name).querySelectorAll("text")].map((text) => text.textContent ?? "");
const cellCount = (name: string) => picture(name).querySelectorAll("g rect").length;

describe("writeEvaluationReport", () => {
  it("writes the numbers, the page and each picture twice, and leaves nothing else", async () => {
    const evaluation = madeUp(["quick preset"], ["cat", "bus", "rabbit"]);
    const place = join(folder, "new/report");
    await writeEvaluationReport(place, evaluation, madeUpDrawings(evaluation.categories, 8));
    folder = place;
    expect(readdirSync(folder).sort()).toEqual([
      "categories.png",
      "categories.svg",
      "grid.png",
      "grid.svg",
      "metrics.json",
      "neighbours.png",
      "neighbours.svg",
      "report.html",
      "table.md",
    ]);
    expect(JSON.parse(read("metrics.json"))).toEqual(evaluation);
    expect(read("table.md")).toBe(evaluationMarkdown(evaluation));
    expect(cellCount("grid")).toBe(3 * 12);
    expect(cellCount("neighbours")).toBe(2 * 16);
    for (const name of ["grid", "categories", "neighbours"])
      expect(readFileSync(join(folder, `${name}.png`)).equals(toPng(read(`${name}.svg`))), name).toBe(true);
  });

  it("puts everything into one page: numbers, explanations, pictures, no script and no other file", async () => {
    const first = { ...madeUp(["quick preset"], ["cat", "bus"]), bestOf: 4 };
    const evaluation = { ...first, secondJudge: secondMadeUp(first) };
    await writeEvaluationReport(folder, evaluation, madeUpDrawings(evaluation.categories, 8));
    const { document } = parseHTML(read("report.html"));
    const cells = [...document.querySelectorAll("tr")]
      .filter((row) => row.textContent?.startsWith("FID-QD"))
      .map((row) => [...row.children].slice(1).map((cell) => cell.textContent));
    expect(cells).toEqual([
      ["5.50", "123.46"],
      ["2.75", "61.73"],
    ]);
    // What each measure says is said once; the second judge has six of them.
    const measures = document.querySelectorAll("tbody th[scope=row]").length;
    expect(document.querySelectorAll("dt").length).toBe(measures - 6);
    expect(document.querySelectorAll("figure svg").length).toBe(3);
    expect(document.querySelectorAll("script, link, img").length).toBe(0);
    expect(document.querySelector(".facts")?.textContent).toContain(
      "each drawing by a model is the best of 4",
    );
    expect(read("report.html")).toContain("prefers-color-scheme: dark");
    expect(textsOf("grid")).toContain("each drawing by a model the best of 4");
  });

  it("is well-formed as XML and shows any name as it is", async () => {
    const name = `<b>"cats" & 'dogs'</b>`;
    const evaluation = madeUp([name], [name]);
    await writeEvaluationReport(folder, evaluation, madeUpDrawings(evaluation.categories, 2));
    const html = read("report.html");
    const { document } = parseHTML(html);
    expect(document.querySelector("title")?.textContent).toBe(`Evaluation: ${name}`);
    expect(document.querySelectorAll("b").length).toBe(0);
    expect(document.querySelector("thead th:last-child")?.textContent).toBe(name);
    expect(textsOf("grid")).toContain(name);
    const open: string[] = [];
    for (const [, end, tag, empty] of html.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/gi)) {
      if (end === "/") expect(open.pop()).toBe(tag);
      else if (empty === "") open.push(tag);
    }
    expect(open).toEqual([]);
  });

  it("of many categories shows the first in the grid and the extremes of recognition, and says so", async () => {
    const categories = Array.from({ length: 345 }, (_, i) => `category ${i}`);
    await writeEvaluationReport(folder, madeUp(["quick"], categories), madeUpDrawings(categories, 1));
    expect(cellCount("grid")).toBe(8 * 2);
    expect(textsOf("grid")).toContain("the first 8 of 345 categories; the first ones, none picked");
    const texts = textsOf("categories");
    expect(texts).toContain("Recognition: the best and worst 15 of 345 categories");
    const labels = texts.filter((text) => /^category|more$/.test(text));
    const names = (from: number) => Array.from({ length: 15 }, (_, i) => `category ${from + i}`);
    expect(labels).toEqual([...names(0), "… 315 more", ...names(330)]);
  });

  it("shows the closest pairs first, then others spread over the set", async () => {
    const evaluation = madeUp(["quick"], ["cat"]);
    const drawings = madeUpDrawings(["cat"], 20);
    const neighbours = drawings.neighbours.map((pair, i) => ({ ...pair, distance: 20 - i }));
    await writeEvaluationReport(folder, evaluation, { ...drawings, neighbours });
    const distances = textsOf("neighbours").flatMap((text) => /^training, (.*)$/.exec(text)?.[1] ?? []);
    expect(distances.map(Number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20, 19, 17, 16, 14, 13, 11, 10]);
  });

  it("leaves out the pictures that nothing is known for", async () => {
    const { realRecognition: _, ...evaluation } = madeUp(["quick"], ["cat"]);
    await writeEvaluationReport(folder, evaluation, {
      ...madeUpDrawings(["cat"], 2),
      real: [],
      neighbours: [],
    });
    expect(readdirSync(folder).sort()).toEqual([
      "grid.png",
      "grid.svg",
      "metrics.json",
      "report.html",
      "table.md",
    ]);
    expect(cellCount("grid")).toBe(2);
  });

  it("names a folder that cannot be one", async () => {
    writeFileSync(join(folder, "file"), "");
    const writing = writeEvaluationReport(
      join(folder, "file"),
      madeUp(["a"], ["cat"]),
      madeUpDrawings(["cat"], 1),
    );
    await expect(writing).rejects.toThrow(UserError);
    await expect(writing).rejects.toThrow(join(folder, "file"));
  });
});
