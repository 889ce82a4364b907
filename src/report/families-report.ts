import { join } from "node:path";
import { at } from "../base/at.ts";
import { writeFileAtomically } from "../files/atomic.ts";
import type { Evaluation, Measures } from "../metrics/evaluation.ts";
import { lossChart } from "../render/chart.ts";
import { gridSvg } from "../render/grid.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { namedOrCounted } from "./evaluation-facts.ts";
import { percent } from "./measures.ts";
import { writeJson, writePicture } from "./write.ts";

/** One family of a comparison, and what its training and drawing took. */
export interface FamilyRow {
  readonly name: string;
  readonly family: string;
  /** Of training. */
  readonly coreMinutes: number;
  /** Of training, where it was asked for. */
  readonly seed?: number | undefined;
  readonly weights: number;
  /** Of the processor's time: to learn from one drawing once, and to draw one. */
  readonly msLearning: number;
  readonly msDrawing: number;
  /** In bytes. */
  readonly peakMemory: number;
  /** How it draws, in words. */
  readonly settings: string;
}

interface OfCategory {
  readonly category: string;
  readonly sketches: readonly Sketch[];
}

/** Drawings of each category on show, and categories. */
const SHOWN = 3;
const MOST_CATEGORIES = 12;
const CELL = 64;

const titleOf = ({ family, seed }: FamilyRow): string =>
  seed === undefined ? family : `${family}, seed ${seed}`;
const kid = ({ kid: { mean } }: Measures): string => (1000 * mean).toFixed(1).replace("-", "−");
const top1 = ({ recognition }: Measures): string => (recognition ? percent(recognition.top1) : "–");
const quality = (measures: Measures): string[] => [
  kid(measures),
  measures.fid.toFixed(2),
  percent(measures.precision),
  percent(measures.recall),
  percent(measures.coverage),
  top1(measures),
  measures.novelty ? measures.novelty.ratio.toFixed(2) : "–",
];

/** What a second judge adds to the table. */
const judged = (measures: Measures): string[] => [kid(measures), percent(measures.recall), top1(measures)];

/** A family works where its top-1 is at least 0.6 of held-out drawings' and its recall at least 0.6 of the floor's. */
const WORKS = 0.6;

function works({ realRecognition }: Evaluation, floor: Measures, { recognition, recall }: Measures): string {
  if (recognition === undefined || realRecognition === undefined) return "–";
  return recognition.top1 >= WORKS * realRecognition.top1 && recall >= WORKS * floor.recall ? "yes" : "no";
}

/** The common table as Markdown, the floor first. */
export function familiesTable(evaluation: Evaluation, families: readonly FamilyRow[]): string {
  const { network, rows, count, categories, realRecognition, secondJudge } = evaluation;
  const floor = at(rows, 0).measures;
  const second = (row: number) => (secondJudge ? judged(at(secondJudge.rows, row).measures) : []);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const head = [
    "",
    "core-minutes",
    "weights",
    "ms a training drawing",
    "ms a drawing",
    "peak memory",
    "drawn with",
    "KID × 1000 ↓",
    `FID-${network.name} ↓`,
    "precision ↑",
    "recall ↑",
    "coverage ↑",
    "top-1 ↑",
    "novelty → 1",
    ...(secondJudge
      ? ["KID × 1000 ↓", "recall ↑", "top-1 ↑"].map((name) => `${secondJudge.network.name}: ${name}`)
      : []),
    "works",
  ];
  const lines = families.map((family, i) => {
    const { measures } = at(rows, i + 1);
    return line([
      titleOf(family).replace(family.family, (name) => `\`${name}\``),
      String(family.coreMinutes),
      `${(family.weights / 1e6).toFixed(2)} M`,
      family.msLearning.toFixed(1),
      family.msDrawing.toFixed(0),
      `${(family.peakMemory / 2 ** 20).toFixed(0)} MiB`,
      family.settings,
      ...quality(measures),
      ...second(i + 1),
      works(evaluation, floor, measures),
    ]);
  });
  const blanks = Array<string>(6).fill("");
  return `${[
    line(head),
    line(head.map((_, i) => (i === 0 || i === 6 ? "---" : "--:"))),
    line(["real training drawings", ...blanks, ...quality(floor), ...second(0), ""]),
    ...lines,
  ].join("\n")}

N = ${count} drawings on each side: ${namedOrCounted(categories)}. Held-out drawings are named rightly at once in ${realRecognition ? percent(realRecognition.top1) : "–"}. Guidance or temperature was chosen by training drawings and another seed, as ${network.name} sees them.${secondJudge ? secondNote(secondJudge) : ""}
`;
}

const secondNote = ({ network: { name }, realRecognition }: Evaluation): string =>
  ` ${name} had no part in it; it names ${realRecognition ? percent(realRecognition.top1) : "–"} of the held-out drawings rightly at once.`;

/** A row of drawings for every category: real ones, then those of every family. */
function sideBySide(
  real: readonly OfCategory[],
  generated: readonly (readonly OfCategory[])[],
  families: readonly FamilyRow[],
): string {
  const first = ({ sketches }: OfCategory) => Array.from({ length: SHOWN }, (_, i) => sketches[i]);
  const shown = real.slice(0, MOST_CATEGORIES);
  const among = shown.length < real.length ? `the first ${shown.length} of ${real.length} categories; ` : "";
  const rows = shown.map((held, i) => ({
    label: held.category,
    sketches: [held, ...generated.map((set) => at(set, i))].flatMap(first),
  }));
  const groups = ["real, held out", ...families.map(({ name }) => name)].map((heading) => ({
    heading,
    columns: SHOWN,
  }));
  return gridSvg(rows, {
    title: "Families side by side",
    subtitle: `${among}the first drawings, none picked`,
    groups,
    cell: CELL,
  });
}

/** KID against the time of training, a curve for each family that was trained for several times. */
function curves(evaluation: Evaluation, families: readonly FamilyRow[]): string | undefined {
  const titles = [...new Set(families.map(titleOf))];
  const series = titles.map((name) => ({
    name,
    points: families
      .flatMap((family, i) =>
        titleOf(family) === name
          ? [{ step: family.coreMinutes, loss: 1000 * at(evaluation.rows, i + 1).measures.kid.mean }]
          : [],
      )
      .sort((a, b) => a.step - b.step),
  }));
  if (series.every(({ points }) => points.length < 2)) return undefined;
  return lossChart({
    series,
    title: "Nearness by time of training",
    xLabel: "core-minutes of training",
    yLabel: "KID × 1000",
  });
}

/** Writes `families.md`, `families.json`, `side-by-side` and, where there are several times of training, `curves` into a folder. */
export async function writeFamiliesReport(
  folder: string,
  evaluation: Evaluation,
  families: readonly FamilyRow[],
  real: readonly OfCategory[],
  generated: readonly (readonly OfCategory[])[],
): Promise<void> {
  await writeFileAtomically(join(folder, "families.md"), familiesTable(evaluation, families));
  await writeJson(join(folder, "families.json"), { evaluation, families });
  await writePicture(join(folder, "side-by-side"), sideBySide(real, generated, families));
  const chart = curves(evaluation, families);
  if (chart !== undefined) await writePicture(join(folder, "curves"), chart);
}
