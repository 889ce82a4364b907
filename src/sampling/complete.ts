import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import type { ModelConfig } from "../config/model.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import { prepared } from "../sketch/encode.ts";
import { normalise } from "../sketch/normalisation.ts";
import { withPen } from "../sketch/pen-channel.ts";
import { strokesSchema } from "../sketch/schema.ts";
import { mapPoints, type Stroke } from "../sketch/sketch.ts";
import { MARGIN, SIZE, strokesOf } from "./decode.ts";
import { noiseOf, type SketchJob } from "./draw.ts";
import { askedFor, type DrawRequest, requestKeys } from "./request.ts";

/**
 * Drawings to make that begin with given strokes; settings that are left out are the model's own, but for guidance, which
 * goes twice as far beyond 1.
 */
export interface CompleteRequest extends DrawRequest {
  /** What is there, on a sheet of 256 x 256 of which the whole drawing will fill the middle 200. */
  readonly strokes: readonly Stroke[];
  /** The last stroke may go on: the pen is still down. What is added to it is a stroke of its own that begins where it ends. */
  readonly open?: boolean;
}

const schema = z.strictObject({
  ...requestKeys,
  strokes: strokesSchema,
  open: z.boolean().optional(),
} satisfies KeysOf<CompleteRequest>);

const MIDDLE = SIZE / 2;
const HALF = MIDDLE - MARGIN;
/** Share of the points that what is there may take, so that there is room to go on. */
const MOST_TAKEN = 0.75;
/** Strokes that are there leave the category less to say: it takes more guidance to be recognised (docs/metrics.md). */
const MORE_GUIDANCE = 2;

/** The guidance that a model completes drawings with unless told; as much as it can where it is folded in. */
export const completionGuidance = ({
  guidance,
  mostGuidance = Infinity,
}: Pick<ModelConfig, "guidance" | "mostGuidance">): number =>
  Math.min(1 + MORE_GUIDANCE * (guidance - 1), mostGuidance);

/**
 * The first points of the sequence are known: at every step the network's idea of them gives way to what they are, so
 * that it draws the rest around them (inpainting, as in Lugmayr et al. 2022, with one noise for the known part). A network
 * that learnt beginnings is told them as they are (as in Saharia et al. 2022); others see them in noise.
 */
export function completion(config: ModelConfig, request: CompleteRequest): SketchJob {
  checked(schema, request, "complete");
  const { strokes, category, open = false } = request;
  if (config.encoding !== "position" || config.pen !== "channel")
    throw new UserError(
      `only networks of positions with the pen as a channel can complete drawings; this one has ${config.encoding}s and the pen as ${config.pen}.`,
    );
  const asked = askedFor(config, { guidance: completionGuidance(config), ...request });
  const stats = config.normalisation[category];
  const { points } = config;
  const most = Math.floor(MOST_TAKEN * points);
  // Beginnings were learnt as people drew them.
  const strokeOrder = config.beginnings > 0 || open ? "drawn" : config.strokeOrder;
  const there = prepared({ strokes }, { ...config, strokeOrder, points: most });
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
  if (open && length > 0) pens[length - 1] = 0;
  const values = new Float32Array(size);
  values.set(withPen(normalise(positions, stats), pens));
  const mask = new Uint8Array(size).fill(1, 0, 3 * length);
  return {
    ...asked,
    alphaBars: cosineSchedule(config.diffusionSteps).alphaBars,
    begin: (stream) => noiseOf(stream, size),
    known: { values, mask },
    finish({ row }) {
      const from = 3 * (open ? Math.max(0, length - 1) : length);
      const shown = Float32Array.from(row);
      shown.set(values.subarray(0, 3 * length));
      return { strokes: [...strokes, ...added(config, category, shown.subarray(from))] };
    },
  };
}

/** The strokes that the network added, on the sheet of the given ones. */
const added = (config: ModelConfig, category: string, row: Float32Array): readonly Stroke[] =>
  mapPoints(strokesOf(config, category, row), (x, y) => [MIDDLE + HALF * x, MIDDLE + HALF * y]).strokes;
