import { z } from "zod";
import { sketchRnnKeys } from "../sketchrnn/settings.ts";

export const settings = z.strictObject({
  family: z.literal("sketchrnn-mdn"),
  ...sketchRnnKeys,
  mixtures: z.int().positive().describe("normal distributions that the next offset is a mixture of"),
  sigmaFloor: z
    .number()
    .min(0)
    .describe(
      "added to every standard deviation, in that of all offsets: offsets are whole numbers, and none is certain",
    ),
});

export type MdnSettings = z.output<typeof settings>;

/** How the mixtures draw unless told otherwise. */
export const sampling = z.strictObject({
  temperature: z.number().min(0).describe("spread of what is drawn: 1 as learnt, less is likelier"),
});

export type MdnDraws = z.output<typeof sampling>;
