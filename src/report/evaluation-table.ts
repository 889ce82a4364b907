import { at } from "../base/at.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { evaluationFacts, howToRead } from "./evaluation-facts.ts";
import { type MeasureColumn, measureGroups } from "./measures.ts";

/** Of the terminal's tables, in characters. */
const WIDTH = 100;
const NAME_WIDTH = 30;
const GAP = "  ";
const MISSING = "–";

const lengthOf = (text: string): number => [...text].length;
const alignRight = (text: string, width: number): string =>
  " ".repeat(Math.max(0, width - lengthOf(text))) + text;
const alignLeft = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - lengthOf(text)));
const shorten = (text: string, width: number): string =>
  lengthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join("")}…`;

/** The text in lines of at most `WIDTH` characters, those after the first indented. */
function wrap(text: string, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line.trim() !== "" && lengthOf(line) + 1 + lengthOf(word) > WIDTH) {
      lines.push(line);
      line = indent + word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Its name, its direction, then its values: what stands below each other. */
interface TextColumn {
  readonly cells: readonly string[];
  readonly width: number;
}

function textColumn({ name, better, cells: values }: MeasureColumn): TextColumn {
  const cells = [name, better, ...values.map((value) => value ?? MISSING)];
  return { cells, width: Math.max(...cells.map(lengthOf)) };
}

/** Columns in blocks that fit beside the names; a single column that does not fit gets its own. */
function inBlocks(columns: readonly TextColumn[], room: number): TextColumn[][] {
  const blocks: TextColumn[][] = [];
  let left = 0;
  for (const column of columns) {
    const width = GAP.length + column.width;
    let block = blocks.at(-1);
    if (block === undefined || width > left) {
      block = [];
      blocks.push(block);
      left = room;
    }
    block.push(column);
    left -= width;
  }
  return blocks;
}

/**
 * An evaluation as text for the terminal, at most 100 columns wide: what has to be known with the numbers, then a row
 * for each set, the floor first, in blocks of measures that fit; those of a second judge last, under its name.
 */
export function evaluationTable(evaluation: Evaluation): string {
  const { rows } = evaluation;
  const names = rows.map(({ name }) => shorten(name, NAME_WIDTH));
  const groups = measureGroups(evaluation).map(({ judge, columns }) => ({
    heading: judge === undefined ? "" : shorten(`by ${judge}`, NAME_WIDTH),
    columns: columns.map(textColumn),
  }));
  const nameWidth = Math.max(...[...names, ...groups.map(({ heading }) => heading)].map(lengthOf));
  const blocks = groups.flatMap(({ heading, columns }) =>
    inBlocks(columns, WIDTH - nameWidth).map((block) =>
      [heading, "", ...names].map((name, row) =>
        [
          alignLeft(name, nameWidth),
          ...block.map(({ cells, width }) => alignRight(at(cells, row), width)),
        ].join(GAP),
      ),
    ),
  );
  const descriptions = rows.flatMap(({ name, description }) => wrap(`${name}: ${description}`, "  "));
  const parts = [evaluationFacts(evaluation).flatMap((fact) => wrap(fact, "  ")), ...blocks];
  return [...parts, [...descriptions, ...wrap(howToRead(evaluation), "  ")]]
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** Text that Markdown shows as it is, also inside a table. */
const escapeMarkdown = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\|<>*_`[\]]/g, "\\$&");

/** The same as Markdown: a list of what has to be known, then a table for each group of measures. */
export function evaluationMarkdown(evaluation: Evaluation): string {
  const { rows } = evaluation;
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const tables = measureGroups(evaluation).map(({ title, columns }) =>
    [
      row([title, ...columns.map(({ name, better }) => `${escapeMarkdown(name)} ${better}`)]),
      row(["---", ...columns.map(() => "--:")]),
      ...rows.map(({ name }, i) =>
        row([escapeMarkdown(name), ...columns.map(({ cells }) => cells[i] ?? MISSING)]),
      ),
    ].join("\n"),
  );
  const facts = evaluationFacts(evaluation).map((fact) => `- ${escapeMarkdown(fact)}`);
  const descriptions = rows.map(
    ({ name, description }) => `- ${escapeMarkdown(name)}: ${escapeMarkdown(description)}`,
  );
  return `${[facts.join("\n"), ...tables, descriptions.join("\n"), howToRead(evaluation)].join("\n\n")}\n`;
}
