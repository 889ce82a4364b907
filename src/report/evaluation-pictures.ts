import { at } from "../base/at.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { type BarGroup, barChart } from "../render/bars.ts";
import { type GridRow, gridSvg } from "../render/grid.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { threeDigits } from "./measures.ts";

interface CategorySketches {
  readonly category: string;
  readonly sketches: readonly Sketch[];
}

/** A generated drawing and the training drawing nearest to it in feature space. */
interface NeighbourPair {
  readonly generated: Sketch;
  readonly nearest: Sketch;
  /** Of their features. */
  readonly distance: number;
}

/** What the pictures of an evaluation are drawn from; of drawings the first ones are shown. */
export interface EvaluationDrawings {
  /** Drawings of the reference. */
  readonly real: readonly CategorySketches[];
  /** Drawings of the first generated set, category by category. */
  readonly generated: readonly CategorySketches[];
  /** In the order of the generated drawings; none without training drawings. */
  readonly neighbours: readonly NeighbourPair[];
}

/** A picture as the report shows it; also the name of its files. */
export interface ReportPicture {
  readonly name: "grid" | "categories" | "neighbours";
  readonly title: string;
  readonly svg: string;
}

const GRID_ROWS = 8;
const GRID_COLUMNS = 6;
const GRID_CELL = 96;
const PAIR_CELL = 112;
/** More categories than twice as many are shown by their extremes. */
const EXTREMES = 15;
const PAIRS_A_ROW = 4;
/** Of the closest, and of others. */
const PAIRS = 2 * PAIRS_A_ROW;

const picked = ({ bestOf }: Evaluation): string =>
  bestOf === undefined ? "the first ones, none picked" : `each drawing by a model the best of ${bestOf}`;

/** As many places as a row has, those without a drawing free. */
const places = (sketches: readonly Sketch[], count: number): (Sketch | undefined)[] =>
  Array.from({ length: count }, (_, i) => sketches[i]);

/** How many columns the sets need, at most `GRID_COLUMNS`. */
const columnsOf = (sets: readonly (readonly Sketch[])[]): number =>
  Math.min(GRID_COLUMNS, Math.max(1, ...sets.map((sketches) => sketches.length)));

function gridPicture(evaluation: Evaluation, { real, generated }: EvaluationDrawings): ReportPicture {
  const shown = generated.slice(0, GRID_ROWS).map(({ category, sketches }) => ({
    category,
    sketches,
    beside: real.find((set) => set.category === category)?.sketches ?? [],
  }));
  const realColumns = columnsOf(shown.map(({ beside }) => beside));
  const columns = columnsOf(shown.map(({ sketches }) => sketches));
  const rows = shown.map(({ category, sketches, beside }) => ({
    label: category,
    sketches: [...places(beside, realColumns), ...places(sketches, columns)],
  }));
  const title = "Real and generated drawings";
  const among =
    shown.length < generated.length ? `the first ${shown.length} of ${generated.length} categories; ` : "";
  const svg = gridSvg(rows, {
    title,
    subtitle: `${among}${picked(evaluation)}`,
    groups: [
      { heading: "real, held out", columns: realColumns },
      { heading: `generated: ${at(evaluation.rows, 1).name}`, columns },
    ],
    cell: GRID_CELL,
  });
  return { name: "grid", title, svg };
}

/** How often each category is recognised, best first; of many only the extremes. Undefined without recognition. */
function categoryPicture({ rows, categories, realRecognition }: Evaluation): ReportPicture | undefined {
  if (realRecognition === undefined) return undefined;
  const sets = [realRecognition, ...rows.slice(1)];
  const all = categories
    .map((label): BarGroup => ({ label, shares: sets.map(({ perCategory }) => perCategory[label]?.top1) }))
    .sort((a, b) => (b.shares[1] ?? 0) - (a.shares[1] ?? 0));
  const isLong = all.length > 2 * EXTREMES;
  const between = { label: `… ${all.length - 2 * EXTREMES} more`, shares: [] };
  const title = isLong
    ? `Recognition: the best and worst ${EXTREMES} of ${all.length} categories`
    : "Recognition per category";
  const svg = barChart({
    title,
    series: ["real, held out", ...rows.slice(1).map(({ name }) => name)],
    groups: isLong ? [...all.slice(0, EXTREMES), between, ...all.slice(-EXTREMES)] : all,
    xLabel: "the network's first guess (top-1)",
  });
  return { name: "categories", title, svg };
}

/** Pairs side by side; the distance stands below the second of each. */
const pairRows = (pairs: readonly NeighbourPair[], label: string): GridRow[] =>
  Array.from({ length: Math.ceil(pairs.length / PAIRS_A_ROW) }, (_, row) => {
    const shown = pairs.slice(row * PAIRS_A_ROW, (row + 1) * PAIRS_A_ROW);
    return {
      ...(row === 0 ? { label } : {}),
      sketches: shown.flatMap(({ generated, nearest }) => [generated, nearest]),
      captions: shown.flatMap(({ distance }) => ["generated", `training, ${threeDigits(distance)}`]),
    };
  });

/** At most `count` items at even steps, from the first one on. */
const evenly = <T>(items: readonly T[], count: number): T[] =>
  items.length <= count
    ? [...items]
    : Array.from({ length: count }, (_, i) => at(items, Math.floor((i * items.length) / count)));

/** The closest pairs, then others from everywhere in the set. Undefined without pairs. */
function neighbourPicture(
  { network }: Evaluation,
  { neighbours }: EvaluationDrawings,
): ReportPicture | undefined {
  if (neighbours.length === 0) return undefined;
  const closest = neighbours.toSorted((a, b) => a.distance - b.distance).slice(0, PAIRS);
  const others = evenly(
    neighbours.filter((pair) => !closest.includes(pair)),
    PAIRS,
  );
  const title = "The training drawings nearest to generated ones";
  const svg = gridSvg([...pairRows(closest, "closest"), ...pairRows(others, "others")], {
    title,
    subtitle: `and their distance by the features of ${network.name}; of ${neighbours.length} pairs the closest, then others spread evenly over the set`,
    groups: Array.from({ length: PAIRS_A_ROW }, () => ({ columns: 2 })),
    cell: PAIR_CELL,
  });
  return { name: "neighbours", title, svg };
}

/** The pictures of an evaluation, those left out that nothing is known for. */
export const evaluationPictures = (evaluation: Evaluation, drawings: EvaluationDrawings): ReportPicture[] =>
  [
    gridPicture(evaluation, drawings),
    categoryPicture(evaluation),
    neighbourPicture(evaluation, drawings),
  ].filter((picture) => picture !== undefined);
