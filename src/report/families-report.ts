import { join } from "node:path";
import { at } from "../base/at.ts";
import { writeFileAtomically } from "../files/atomic.ts";
import type { Evaluation, Measures } from "../metrics/evaluation.ts";
import { lossChart } from "../render/chart.ts";
import { gridSvg } from "../render/grid.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { percent } from "./measures.ts";
import { writeJson, writePicture } from "./write.ts";

/** One family of a comparison, and what its training and drawing took. */
export interface FamilyRow {
  readonly name: string;
  readonly family: string;
  /** Of training. */
  readonly coreMinutes: number;
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

/** Drawings of each category on show. */
const SHOWN = 3;
const CELL = 64;

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

/** A family works where its top-1 is at least 0.6 of held-out drawings' and its recall at least 0.6 of the floor's. */
const WORKS = 0.6;

function works({ realRecognition }: Evaluation, floor: Measures, { recognition, recall }: Measures): string {
  if (recognition === undefined || realRecognition === undefined) return "–";
  return recognition.top1 >= WORKS * realRecognition.top1 && recall >= WORKS * floor.recall ? "yes" : "no";
}

/** The common table as Markdown, the floor first. */
export function familiesTable(evaluation: Evaluation, families: readonly FamilyRow[]): string {
  const { network, rows, count, categories, realRecognition } = evaluation;
  const floor = at(rows, 0).measures;
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
    "works",
  ];
  const lines = families.map((family, i) => {
    const { measures } = at(rows, i + 1);
    return line([
      `\`${family.family}\``,
      String(family.coreMinutes),
      `${(family.weights / 1e6).toFixed(2)} M`,
      family.msLearning.toFixed(1),
      family.msDrawing.toFixed(0),
      `${(family.peakMemory / 2 ** 20).toFixed(0)} MiB`,
      family.settings,
      ...quality(measures),
      works(evaluation, floor, measures),
    ]);
  });
  const blanks = Array<string>(6).fill("");
  return `${[
    line(head),
    line(head.map((_, i) => (i === 0 || i === 6 ? "---" : "--:"))),
    line(["real training drawings", ...blanks, ...quality(floor), ""]),
    ...lines,
  ].join("\n")}

N = ${count} drawings on each side: ${categories.join(", ")}. Held-out drawings are named rightly at once in ${realRecognition ? percent(realRecognition.top1) : "–"}. Guidance or temperature was chosen by training drawings and another seed.
`;
}

/** A row of drawings for every category: real ones, then those of every family. */
function sideBySide(
  real: readonly OfCategory[],
  generated: readonly (readonly OfCategory[])[],
  families: readonly FamilyRow[],
): string {
  const first = ({ sketches }: OfCategory) => Array.from({ length: SHOWN }, (_, i) => sketches[i]);
  const rows = real.map((held, i) => ({
    label: held.category,
    sketches: [held, ...generated.map((set) => at(set, i))].flatMap(first),
  }));
  const groups = ["real, held out", ...families.map(({ name }) => name)].map((heading) => ({
    heading,
    columns: SHOWN,
  }));
  return gridSvg(rows, {
    title: "Families side by side",
    subtitle: "the first drawings, none picked",
    groups,
    cell: CELL,
  });
}

/** KID against the time of training, a curve for each family that was trained for several times. */
function curves(evaluation: Evaluation, families: readonly FamilyRow[]): string | undefined {
  const names = [...new Set(families.map(({ family }) => family))];
  const series = names.map((name) => ({
    name,
    points: families
      .flatMap(({ family, coreMinutes }, i) =>
        family === name
          ? [{ step: coreMinutes, loss: 1000 * at(evaluation.rows, i + 1).measures.kid.mean }]
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
