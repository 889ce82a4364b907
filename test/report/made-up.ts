import { drawSynthetic } from "../../src/data/synthetic.ts";
import type { Evaluation, EvaluationRow, Measures } from "../../src/metrics/evaluation.ts";
import type { EvaluationDrawings } from "../../src/report/evaluation-pictures.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";

const floorMeasures: Measures = {
  fid: 5.5,
  fidInfinity: 0.31,
  kid: { mean: -0.00021, std: 0.0004 },
  precision: 0.851,
  recall: 0.862,
  density: 1.013,
  coverage: 0.955,
  recognition: { top1: 0.64, top5: 0.895, agreement: 0.97 },
  sequence: { points: 0.02, strokes: 0.03, strokeLength: 0.01, ink: 0.04, travel: 0.02 },
  pixelFid: 12.34,
  pixelKid: 0.00123,
};

const generatedMeasures: Measures = {
  ...floorMeasures,
  fid: 123.456,
  fidInfinity: 119.2,
  kid: { mean: 0.6031, std: 0.0123 },
  recall: 0.101,
  recognition: { top1: 0.345, top5: 0.561, agreement: 0.789 },
  novelty: { ratio: 0.87, copies: 0.0123 },
};

/** Numbers of nobody: the floor and generated sets of these names, for categories called as given. */
export function madeUp(names: readonly string[], categories: readonly string[]): Evaluation {
  const perCategory = (fall: number) =>
    Object.fromEntries(
      categories.map((category, i) => {
        const top1 = Math.max(0, 0.9 - (fall * i) / categories.length);
        return [category, { count: 40, top1, top5: (1 + top1) / 2 }];
      }),
    );
  const row = (name: string, description: string, measures: Measures, fall: number): EvaluationRow => ({
    name,
    description,
    measures,
    perCategory: perCategory(fall),
  });
  return {
    format: 1,
    network: { name: "QD", hash: "0123456789ab", size: 128 },
    count: 120,
    categories,
    training: 1000,
    reference: "120 drawings of quickdraw/simplified, held out from training",
    rows: [
      row("real training drawings", "120 training drawings of the same source", floorMeasures, 0.2),
      ...names.map((name, i) =>
        row(name, "120 drawings, seed 42, 50 DDIM steps, guidance 3", generatedMeasures, 0.7 + 0.1 * i),
      ),
    ],
    realRecognition: { top1: 0.651, top5: 0.884, agreement: 0.962, perCategory: perCategory(0.3) },
  };
}

/** The same sets with other numbers, as a second network may see them. */
export function secondMadeUp({ rows, realRecognition, ...others }: Evaluation): Evaluation {
  const seen = ({ novelty: _, ...measures }: Measures): Measures => ({
    ...measures,
    fid: measures.fid / 2,
    kid: { mean: measures.kid.mean + 0.005, std: 0 },
    recall: measures.recall + 0.1,
    recognition: { top1: 0.3, top5: 0.5, agreement: 0.7 },
  });
  return {
    ...others,
    network: { name: "QD28", hash: "ba9876543210", size: 64 },
    training: 0,
    rows: rows.map((row) => ({ ...row, measures: seen(row.measures) })),
    ...(realRecognition && { realRecognition: { ...realRecognition, top1: 0.607, top5: 0.853 } }),
  };
}

/** `count` procedural drawings for each category. */
export function madeUpDrawings(categories: readonly string[], count: number): EvaluationDrawings {
  const kinds = ["cat", "bus", "rabbit"];
  const draw = (place: number, seed: number): Sketch[] =>
    Array.from({ length: count }, (_, i) => drawSynthetic(kinds[place % kinds.length], seed, i));
  const sets = (seed: number) =>
    categories.map((category, place) => ({ category, sketches: draw(place, seed) }));
  const [real, generated] = [sets(1), sets(2)];
  return {
    real,
    generated,
    neighbours: generated.flatMap(({ sketches }, place) =>
      sketches.map((sketch, i) => ({
        generated: sketch,
        nearest: real[place].sketches[i],
        distance: 10 - ((7 * i + place) % 10),
      })),
    ),
  };
}
