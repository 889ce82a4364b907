import { z } from "zod";
import { checked, type KeysOf } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import { prepared } from "../../sketch/encode.ts";
import { normalise } from "../../sketch/normalisation.ts";
import { withPen } from "../../sketch/pen-channel.ts";
import { pensOf } from "../../sketch/position.ts";
import { strokesSchema } from "../../sketch/schema.ts";
import type { Sketch, Stroke } from "../../sketch/sketch.ts";
import type { CompleteRequest } from "../request.ts";
import { fromSheet, toSheet } from "../sheet.ts";
import { strokesOf } from "./decode.ts";
import { noiseOf } from "./diffuse.ts";
import type { SketchJob } from "./draw.ts";
import { type Asked, askedFor, requestKeys } from "./draw-settings.ts";
import { normalisationOf } from "./normalisation.ts";
import type { DenoiserConfig, DenoiserSettings } from "./settings.ts";

export const completeSchema = z.strictObject({
  ...requestKeys,
  strokes: strokesSchema,
  open: z.boolean().optional(),
} satisfies KeysOf<Asked<CompleteRequest>>);

/** Share of the points that what is there may take, so that there is room to go on. */
const MOST_TAKEN = 0.75;
/** Strokes that are there leave the category less to say: it takes more guidance to be recognised (docs/metrics.md). */
const MORE_GUIDANCE = 2;

/** The guidance that a model completes drawings with unless told; as much as it can where it is distilled. */
export const completionGuidance = ({
  guidance,
  maxGuidance = Infinity,
}: {
  readonly guidance: number;
  readonly maxGuidance?: number | undefined;
}): number => Math.min(1 + MORE_GUIDANCE * (guidance - 1), maxGuidance);

/** What of a network's settings says how it takes strokes to go on from. */
export type PrefixSettings = Pick<
  DenoiserSettings,
  "points" | "simplify" | "strokeOrder" | "prefixConditioning"
>;

/** Strokes as a network takes them to go on from, and their points, of which there may be `most`. */
export function prefixOf(
  { strokes, open = false }: Pick<CompleteRequest, "strokes" | "open">,
  network: PrefixSettings,
): { readonly given: Sketch; readonly points: number; readonly most: number } {
  const most = Math.floor(MOST_TAKEN * network.points);
  // Prefixes were learnt as people drew them.
  const strokeOrder = network.prefixConditioning > 0 || open ? "drawn" : network.strokeOrder;
  const simple = prepared({ strokes }, { ...network, strokeOrder, points: most });
  const given = { strokes: simple.strokes.filter(({ x }) => x.length > 1) };
  return { given, points: given.strokes.reduce((sum, { x }) => sum + x.length, 0), most };
}

/**
 * The first points of the sequence are known: at every step the network's idea of them gives way to what they are, so
 * that it draws the rest around them (inpainting, as in Lugmayr et al. 2022, with one noise for the known part). A network
 * with prefix conditioning is told them as they are (as in Saharia et al. 2022); others see them in noise.
 */
export function completion(
  config: DenoiserConfig,
  alphaBars: Float64Array,
  request: CompleteRequest,
): SketchJob {
  checked(completeSchema, request, "complete");
  const { strokes, category, open = false } = request;
  const { network } = config;
  const { encoding, pen, points, maxGuidance } = network;
  if (encoding !== "position" || pen !== "channel")
    throw new UserError(
      `only networks of positions with the pen as a channel can complete drawings; this one has ${encoding}s and the pen as ${pen}.`,
    );
  const guidance = completionGuidance({ guidance: config.sampling.guidance, maxGuidance });
  const asked = askedFor(config, { guidance, ...request });
  const stats = normalisationOf(config, category);
  const { given, points: length, most } = prefixOf(request, network);
  if (length > most)
    throw new UserError(
      `the strokes take ${length} points of the ${points} that this model has, expected at most ${most}; give fewer or simpler strokes.`,
      { code: "too-many-points" },
    );

  const placed = fromSheet(given);
  const positions = Float32Array.from(placed.strokes.flatMap(({ x, y }) => x.flatMap((px, i) => [px, y[i]])));
  const pens = Float32Array.from(placed.strokes.flatMap(pensOf));
  const size = 3 * points;
  if (open && length > 0) pens[length - 1] = 0;
  const values = new Float32Array(size);
  values.set(withPen(normalise(positions, stats), pens));
  const mask = new Uint8Array(size).fill(1, 0, 3 * length);
  return {
    ...asked,
    alphaBars,
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
const added = (config: DenoiserConfig, category: string, row: Float32Array): readonly Stroke[] =>
  toSheet(strokesOf(config, category, row)).strokes;
