import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

const languages = ["diffusion", "diffusion.tr"];
const cellsOf = (name: string): Cell[] =>
  JSON.parse(readFileSync(join("notebooks", `${name}.ipynb`), "utf8")).cells;
const sources = (name: string, type: Cell["cell_type"]): string[] =>
  cellsOf(name)
    .filter(({ cell_type }) => cell_type === type)
    .map(({ source }) => source.join(""));

describe("the notebooks", () => {
  it("have the same code in both languages, around the same pieces of prose", () => {
    const [english, turkish] = languages.map(cellsOf);
    expect(turkish.map(({ cell_type }) => cell_type)).toEqual(english.map(({ cell_type }) => cell_type));
    expect(sources("diffusion.tr", "code")).toEqual(sources("diffusion", "code"));
    expect(sources("diffusion.tr", "markdown")).not.toEqual(sources("diffusion", "markdown"));
  });

  it.each(languages)("%s: holds no outputs (npm run strip)", (name) => {
    const run = cellsOf(name).filter(
      ({ outputs = [], execution_count }) => outputs.length > 0 || execution_count,
    );
    expect(run).toEqual([]);
  });

  it.each(languages)("%s: every link to a file leads there", (name) => {
    const links = [
      ...sources(name, "markdown")
        .join("\n")
        .matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g),
    ];
    expect(links.map(([, link]) => link).filter((link) => !existsSync(join("notebooks", link)))).toEqual([]);
  });

  it.each(languages)("%s: its page in docs shows this code, and every picture of it", (name) => {
    const file = join("docs", `${name}.html`);
    expect(statSync(file).size).toBeLessThan(1.5e6);
    const { document } = parseHTML(readFileSync(file, "utf8"));
    const blocks = [...document.querySelectorAll(".jp-CodeCell .highlight pre")];
    const shown = blocks.map(({ textContent }) => textContent?.trim());
    const code = sources(name, "code");
    expect(shown).toEqual(code);
    const pictures = code.join("\n").match(/^(display\.html|showGifs)\(/gm) ?? [];
    expect(document.querySelectorAll(".jp-RenderedHTML")).toHaveLength(pictures.length);
    expect(document.querySelector("[data-mime-type='application/vnd.jupyter.stderr']")).toBeNull();
    // What was printed is true on every machine: it names no folder of the one that made the page.
    const printed = [...document.querySelectorAll(".jp-OutputArea-output pre")].map(
      ({ textContent }) => textContent,
    );
    expect(printed.join("\n")).toContain("Drawings come from");
    expect(printed.join("\n")).not.toMatch(/(^|\s)(\/|[A-Z]:\\)\w/m);
  });
});
