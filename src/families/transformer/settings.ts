import { z } from "zod";
import { denoiserKeys } from "../denoiser/settings.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("transformer"),
  ...denoiserKeys,
  width: count.multipleOf(2).describe("channels of a token"),
  blocks: count.describe("blocks of attention and perceptron"),
  heads: count.describe("heads of every self-attention"),
  patch: z.int().min(2).max(4).describe("points of a token"),
  positions: z
    .enum(["absolute", "rotary"])
    .describe("how a token knows its place: sinusoids added to it, or queries and keys turned by it"),
  strokeIndex: z.boolean().describe("tokens are told how often the pen was lifted before them"),
  convolution: z.boolean().describe("the perceptron of a block sees a token's neighbours"),
});

export type TransformerSettings = z.output<typeof settings>;

/** Heads share out the width, patches the points; strokes are counted in the pen's channel. */
export function* problems({
  width,
  heads,
  patch,
  points,
  strokeIndex,
  pen,
}: TransformerSettings): Generator<Problem> {
  if (width % (2 * heads) !== 0)
    yield { path: ["network", "heads"], message: `expected a divisor of half the width ${width}` };
  if (points % patch !== 0)
    yield { path: ["network", "patch"], message: `expected a divisor of points ${points}` };
  if (strokeIndex && pen !== "channel")
    yield { path: ["network", "strokeIndex"], message: 'expected false unless pen is "channel"' };
}
