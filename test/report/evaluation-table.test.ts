import { describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/metrics/evaluation.ts";
import { evaluationMarkdown, evaluationTable } from "../../src/report/evaluation-table.ts";
import { madeUp, secondMadeUp } from "./made-up.ts";

const evaluation = madeUp(["quick preset"], ["cat", "bus"]);
/** What stands in a row: its cells are at least two blanks apart. */
const cellsOf = (table: string, name: string): string[] =>
  table
    .split("\n")
    .filter((line) => line.startsWith(`${name}  `))
    .flatMap((line) => line.slice(name.length).trim().split(/ {2,}/));
const without = (given: Evaluation, key: "recognition" | "novelty"): Evaluation => ({
  ...given,
  rows: given.rows.map((row) => {
    const { [key]: _, ...measures } = row.measures;
    return { ...row, measures };
  }),
});

describe("evaluationTable", () => {
  it("shows the numbers given, the floor first", () => {
    const table = evaluationTable(evaluation);
    const seen = cellsOf(table, "real training drawings").join("; ");
    expect(seen).toBe(
      "5.50; 0.31; −0.2 ± 0.4; 85.1 %; 86.2 %; 1.01; 95.5 %; 64.0 %; 89.5 %; 97.0 %; –; –; 0.02; 0.03; 0.01; 0.04; 0.02; 12.3; 0.00123",
    );
    expect(cellsOf(table, "quick preset").join("; ")).toBe(
      "123.46; 119.20; 603.1 ± 12.3; 85.1 %; 10.1 %; 1.01; 95.5 %; 34.5 %; 56.1 %; 78.9 %; 0.87; 1.2 %; 0.02; 0.03; 0.01; 0.04; 0.02; 12.3; 0.00123",
    );
    expect(table.indexOf("\nreal training drawings")).toBeLessThan(table.indexOf("\nquick preset"));
  });

  it("says N, categories, network, hash, reference, directions and the floor", () => {
    const table = evaluationTable(evaluation);
    const { reference, network } = evaluation;
    for (const text of [
      "N = 120",
      "cat, bus",
      reference,
      `QD ${network.hash}`,
      "top-1 65.1 %",
      "FID-QD",
      "FID∞-QD",
    ])
      expect(table).toContain(text);
    expect(table).toContain('The floor, "real training drawings"');
    expect(table).not.toMatch(/\bFID\s+[↓F]/);
  });

  it("says that drawings were picked only where they were", () => {
    expect(evaluationTable(evaluation)).not.toContain("best of");
    expect(evaluationTable({ ...evaluation, bestOf: 4 })).toContain(
      "each drawing by a model is the best of 4",
    );
    expect(evaluationMarkdown({ ...evaluation, bestOf: 4 })).toContain(
      "each drawing by a model is the best of 4",
    );
  });

  it("leaves out what was measured for no row", () => {
    const { realRecognition: _, ...others } = without(without(evaluation, "recognition"), "novelty");
    const table = evaluationTable(others);
    for (const name of ["top-1", "agreement", "novelty", "copies"]) expect(table).not.toContain(name);
    expect(table).toContain("stroke length");
  });

  it("shows what a second judge says last, under its name, and who picked", () => {
    const table = evaluationTable({ ...evaluation, bestOf: 4, secondJudge: secondMadeUp(evaluation) });
    const [own, second, ...others] = table.split(/^by QD28/m);
    expect(others).toEqual([]);
    expect(own).toContain(evaluationTable(evaluation).split("\n\n").slice(1, -1).join("\n\n"));
    expect(second.split("\n")[0].trim().split(/ {2,}/)).toEqual([
      "FID-QD28",
      "KID × 1000",
      "precision",
      "recall",
      "top-1",
      "top-5",
    ]);
    expect(cellsOf(second, "real training drawings")).toEqual([
      ...["2.75", "4.8", "85.1 %", "96.2 %", "30.0 %", "50.0 %"],
    ]);
    expect(table.replace(/\s+/g, " ")).toContain(
      "Second judge: QD28 ba9876543210, 64 features of a drawing; the held-out drawings themselves: top-1 60.7 %, top-5 85.3 %. QD picked, so QD28 is the fairer judge.",
    );
  });

  it("stays within 100 columns for long names, many rows and many categories", () => {
    const names = ["a", "a preset with a name that goes on and on and does not want to end", "c", "d", "e"];
    const categories = Array.from({ length: 345 }, (_, i) => `category ${i}`);
    const long = { ...madeUp(names, categories), bestOf: 8 };
    const network = { name: "inception-v3-of-tensorflow-2015-12-05", hash: "0123456789ab", size: 2048 };
    const secondJudge = { ...secondMadeUp(long), network: { ...network, name: `${network.name}-too` } };
    for (const table of [evaluationTable(long), evaluationTable({ ...long, network, secondJudge })]) {
      const widest = Math.max(...table.split("\n").map((line) => [...line].length));
      expect(widest).toBeLessThanOrEqual(100);
      expect(table).toContain("345 categories");
    }
  });

  it("says of a number that is not finite that it is not", () => {
    const [floor] = evaluation.rows;
    const broken = { ...floor, measures: { ...floor.measures, fid: Number.NaN } };
    expect(cellsOf(evaluationTable({ ...evaluation, rows: [broken] }), floor.name)[0]).toBe("not finite");
  });
});

describe("evaluationMarkdown", () => {
  it("gives tables with as many cells in every row, the numbers of the text table", () => {
    const markdown = evaluationMarkdown(evaluation);
    const tables = markdown.split("\n\n").filter((part) => part.startsWith("|"));
    const rows = tables.map((table) => table.split("\n").map((line) => line.slice(2, -2).split(" | ")));
    for (const table of rows) expect(new Set(table.map((cells) => cells.length)).size).toBe(1);
    expect(rows.flatMap((table) => table[2].slice(1))).toEqual(
      cellsOf(evaluationTable(evaluation), "real training drawings"),
    );
    expect(rows[0][0].slice(1, 3)).toEqual(["FID-QD ↓", "FID∞-QD ↓"]);
  });

  it("has a table for what a second judge says", () => {
    const markdown = evaluationMarkdown({ ...evaluation, secondJudge: secondMadeUp(evaluation) });
    const [head, , floor] = markdown
      .split("\n\n")
      .filter((part) => part.startsWith("|"))[3]
      .split("\n");
    expect(head).toBe(
      "| As QD28 sees them | FID-QD28 ↓ | KID × 1000 ↓ | precision ↑ | recall ↑ | top-1 ↑ | top-5 ↑ |",
    );
    expect(floor).toBe("| real training drawings | 2.75 | 4.8 | 85.1 % | 96.2 % | 30.0 % | 50.0 % |");
  });

  it("shows names as they are", () => {
    const markdown = evaluationMarkdown(madeUp(["a|b *c* <d>"], ["cat"]));
    expect(markdown).toContain("| a\\|b \\*c\\* \\<d\\> |");
  });
});
