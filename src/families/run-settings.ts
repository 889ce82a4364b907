import { z } from "zod";

const count = z.int().positive();

/** Which drawings a run learns from. */
export const dataSettings = z.strictObject({
  categories: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, "expected each category once")
    .describe('categories to learn, in the order of their labels; "all": all that the data has'),
  source: z
    .string()
    .meta({ setting: "data" })
    .describe(
      'a folder, an address or "synthetic"; empty: CIZGI_DATA, else the cache, else the bucket, else synthetic',
    ),
  trainSize: count.describe("training drawings a category, at most"),
  heldOutSize: z.int().min(2).describe("held-out drawings a category, at most"),
  limit: z.int().min(0).describe("lines read of each category's file; 0: all"),
  heldOut: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe("share held out by the hash of the drawings' keys; 0: a sixth of the lines, at random"),
  splitSeed: z.int().min(0).describe("seed of the split by lines"),
});

/** What is drawn for the run's report. */
export const reportSettings = z.strictObject({
  drawEvery: z.int().min(0).describe("epochs between grids of drawings; 0: none"),
  draws: z.int().min(5).describe("drawings a category at the end"),
});

export type DataSettings = z.output<typeof dataSettings>;
export type ReportSettings = z.output<typeof reportSettings>;
