import { z } from "zod";
import { optimisationKeys } from "../../training/optimisation.ts";

const count = z.int().positive();

/** Settings of every decoder that draws one step after the other; a family adds those of its head. */
export const sketchRnnKeys = {
  points: count.min(3).describe("points of a drawing at most; drawings of more are left out"),
  simplify: z
    .number()
    .min(0)
    .describe(
      "epsilon of Ramer-Douglas-Peucker before encoding, more where a drawing would not fit otherwise; 0: none",
    ),
  strokeOrder: z
    .enum(["drawn", "directed", "size"])
    .describe(
      "strokes as they were drawn, the same with each in a set direction, or those with the largest first",
    ),
  hidden: count.describe("units of the LSTM"),
  classWidth: count.describe("numbers that a category is told by"),
  codeWidth: count
    .optional()
    .describe(
      "numbers of the code that an encoder writes a drawing as, to draw it again; no encoder unless given",
    ),
} as const;

const sketchRnnSettings = z.object({ family: z.string(), ...sketchRnnKeys });

/** The same of any family, without those of its head. */
export type SketchRnnSettings = z.output<typeof sketchRnnSettings>;

/** How a decoder is trained. */
export const sketchRnnTraining = z.strictObject({
  augment: z.boolean().describe("stretched drawings, with points left out"),
  recurrentDropout: z
    .number()
    .min(0)
    .lt(1)
    .describe("probability that a unit of the LSTM takes in nothing new, all through a drawing"),
  klWeight: z
    .number()
    .min(0)
    .default(0.5)
    .describe("weight of the codes' divergence from standard normal ones in the end, where there are codes"),
  klFloor: z.number().min(0).default(0.2).describe("divergence of a drawing's code that costs nothing less"),
  ...optimisationKeys,
});

export type SketchRnnTraining = z.output<typeof sketchRnnTraining>;

/** What is measured of the training drawings. */
export const sketchRnnLearnt = z.strictObject({
  /** Standard deviation of all offsets, where the longer side of a drawing is 255. */
  scale: z.number().min(1e-30).max(1e30),
});

/** How a decoder draws unless told otherwise; a family may add to it. */
export interface SketchRnnDraws {
  /** Spread of what is drawn: 1 as learnt, less is likelier. */
  readonly temperature: number;
}

/** A trained decoder; `S` are its family's settings, `D` how it draws. */
export interface SketchRnnConfig<
  S extends SketchRnnSettings = SketchRnnSettings,
  D extends SketchRnnDraws = SketchRnnDraws,
> {
  readonly format: number;
  readonly categories: readonly string[];
  readonly network: S;
  readonly learnt: z.output<typeof sketchRnnLearnt>;
  readonly sampling: D;
}

export interface SketchRnnModel<
  S extends SketchRnnSettings = SketchRnnSettings,
  D extends SketchRnnDraws = SketchRnnDraws,
> {
  readonly config: SketchRnnConfig<S, D>;
  readonly weights: Float32Array;
}
