import { z } from "zod";
import { denoiserKeys } from "../denoiser/settings.ts";
import type { Problem } from "../family.ts";

const count = z.int().positive();

export const settings = z.strictObject({
  family: z.literal("full-sequence"),
  ...denoiserKeys,
  width: count.describe("channels at every point"),
  blocks: count.describe("dilated convolutions"),
  cycle: count.describe("blocks reach 1, 2, 4, … points to each side, so many of them, and then begin anew"),
  conditionWidth: count.describe("numbers that time step and category are told by"),
});

export type FullSequenceSettings = z.output<typeof settings>;

/** A convolution reaches within the drawing. */
export function* problems({ cycle, points }: FullSequenceSettings): Generator<Problem> {
  if (2 ** (cycle - 1) >= points)
    yield {
      path: ["network", "cycle"],
      message: `expected less than ${1 + Math.ceil(Math.log2(points))} for ${points} points`,
    };
}
