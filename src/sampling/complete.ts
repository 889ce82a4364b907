import { UserError } from "../base/errors.ts";
import type { ModelConfig } from "../config/model.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import { rounded } from "../sketch/curve.ts";
import { prepared } from "../sketch/encode.ts";
import { denormalise, normalise } from "../sketch/normalisation.ts";
import { withPen } from "../sketch/pen-channel.ts";
import { decodePositions } from "../sketch/position.ts";
import { mapPoints, type Sketch, type Stroke } from "../sketch/sketch.ts";
import { MARGIN, SIZE } from "./decode.ts";
import { type Following, noiseOf, type SketchJob } from "./draw.ts";
import { type DrawSettings, labelOf, settingsOf } from "./settings.ts";

/** Drawings to make that begin with given strokes; settings that are left out are the model's own. */
export interface CompleteRequest extends Partial<DrawSettings>, Following {
  /** What is there, on a sheet of 256 x 256 of which the whole drawing will fill the middle 200. */
  readonly strokes: readonly Stroke[];
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
}

const MIDDLE = SIZE / 2;
const HALF = MIDDLE - MARGIN;
/** Share of the points that what is there may take, so that there is room to go on. */
const MOST_TAKEN = 0.75;

/**
 * The first points of the sequence are known: at every step the network's idea of them gives way to what they are, so
 * that it draws the rest around them (inpainting, as in Lugmayr et al. 2022, with one noise for the known part).
 */
export function completion(config: ModelConfig, request: CompleteRequest): SketchJob {
  const { strokes, category, count = 1, seed = 0, onProgress, onStep, signal, ...told } = request;
  if (config.encoding !== "position" || config.pen !== "channel")
    throw new UserError(
      `only networks of positions with the pen as a channel can complete drawings; this one has ${config.encoding}s and the pen as ${config.pen}.`,
    );
  labelOf(config, category);
  const stats = config.normalisation[category];
  const { points } = config;
  const most = Math.floor(MOST_TAKEN * points);
  const there = prepared({ strokes }, { ...config, points: most });
  const taken = there.strokes.filter(({ x }) => x.length > 1);
  const length = taken.reduce((sum, { x }) => sum + x.length, 0);
  if (length > most)
    throw new UserError(
      `the strokes take ${length} points of the ${points} that this model has, expected at most ${most}; give fewer or simpler strokes.`,
    );

  const placed = mapPoints({ strokes: taken }, (x, y) => [(x - MIDDLE) / HALF, (y - MIDDLE) / HALF]);
  const positions = Float32Array.from(placed.strokes.flatMap(({ x, y }) => x.flatMap((px, i) => [px, y[i]])));
  const pens = Float32Array.from(
    placed.strokes.flatMap(({ x }) => x.map((_, i) => Number(i === x.length - 1))),
  );
  const size = 3 * points;
  const values = new Float32Array(size);
  values.set(withPen(normalise(positions, stats), pens));
  const mask = new Uint8Array(size).fill(1, 0, 3 * length);
  return {
    category,
    count,
    seed,
    onProgress,
    onStep,
    signal,
    settings: settingsOf(config, told),
    alphaBars: cosineSchedule(config.diffusionSteps).alphaBars,
    begin: (stream) => noiseOf(stream, size),
    known: { values, mask },
    finish: ({ row }) => ({ strokes: [...strokes, ...added(row.subarray(3 * length), stats)] }),
  };
}

/** The strokes that the network added, on the sheet of the given ones. */
function added(row: Float32Array, stats: ModelConfig["normalisation"][string]): readonly Stroke[] {
  const points = row.length / 3;
  const normalised = Float32Array.from(
    { length: 2 * points },
    (_, i) => row[3 * Math.floor(i / 2) + (i % 2)],
  );
  const pens = Float32Array.from({ length: points }, (_, i) => Number(row[3 * i + 2] > 0));
  const drawn: Sketch = rounded(decodePositions(denormalise(normalised, stats), pens));
  return mapPoints(drawn, (x, y) => [MIDDLE + HALF * x, MIDDLE + HALF * y]).strokes;
}
