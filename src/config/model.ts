import { z } from "zod";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { predictions } from "../diffusion/parameterisation.ts";
import { samplerNames } from "../diffusion/samplers.ts";

/** The newest layout of a model's configuration that this version reads. */
export const MODEL_FORMAT = 1;

const positive = z.int().positive();
/** Of any use; the schedule takes memory for each. */
const MOST_DIFFUSION_STEPS = 1e6;

interface NetworkSizes {
  readonly baseChannels: number;
  readonly attentionHeads: number;
  readonly normGroups: number;
}

/** Heads and groups share out the channels of every level: base, 2 base, ... */
export function checkNetworkSizes({ value, issues }: z.core.ParsePayload<NetworkSizes>): void {
  const { baseChannels, attentionHeads, normGroups } = value;
  const refuse = (key: keyof NetworkSizes, message: string) =>
    issues.push({ code: "custom", path: [key], message, input: value });
  if (baseChannels % normGroups !== 0)
    refuse("normGroups", `expected a divisor of baseChannels ${baseChannels}`);
  if ((2 * baseChannels) % attentionHeads !== 0)
    refuse("attentionHeads", `expected a divisor of twice baseChannels ${baseChannels}`);
}

/** In float32 neither 0 nor infinite, nor what is divided or multiplied by it. */
const statistic = z.number().min(-1e30).max(1e30);
const statistics = z.strictObject({
  mean: z.tuple([statistic, statistic]),
  std: z.number().min(1e-30).max(1e30),
});
type ByCategory = Readonly<Record<string, z.infer<typeof statistics>>>;

/** Not z.record, which leaves out a category of the name "__proto__". */
const byCategory = z
  .custom<ByCategory>((value) => typeof value === "object" && value !== null, "expected an object")
  .check(({ value, issues }) => {
    for (const [category, entry] of Object.entries(value))
      for (const { path, message } of statistics.safeParse(entry).error?.issues ?? [])
        issues.push({ code: "custom", path: [category, ...path], message, input: value });
  });

const modelKeys = z.strictObject({
  format: z.int().min(1),
  family: z.literal("unet1d"),
  categories: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, "expected each category once"),
  encoding: z.enum(["delta", "position"]),
  points: positive.multipleOf(4),
  /** How drawings were prepared: their strokes as drawn or the largest first, simplified with this epsilon. */
  strokeOrder: z.enum(["drawn", "directed", "size"]).default("drawn"),
  simplify: z.number().min(0).default(0),
  baseChannels: positive.multipleOf(4),
  attentionHeads: positive,
  normGroups: positive,
  pen: z.enum(["head", "channel"]),
  prediction: z.enum(predictions),
  /** Mean of the two coordinates and their common deviation in the training drawings, by category. */
  normalisation: byCategory,
  /** Length of the noise schedule. */
  diffusionSteps: positive.max(MOST_DIFFUSION_STEPS),
  /** Share of the training drawings whose beginning was known; above 0 the network is told which points are. */
  beginnings: z.number().min(0).max(1).default(0),
  /** The network has guidance folded in, from 0 to this weight, which it is told: it is asked once a step. */
  mostGuidance: z.number().min(1).optional(),
  /** What `sample` does unless told. */
  samplingSteps: positive,
  guidance: z.number().min(0),
  sampler: z.enum(samplerNames).default("ddim"),
  eta: z.number().min(0).max(1),
});

/** What is needed to draw with a trained network. */
const modelSchema = modelKeys.check(checkNetworkSizes).check(({ value, issues }) => {
  const {
    categories,
    normalisation,
    samplingSteps,
    diffusionSteps,
    guidance,
    mostGuidance = Infinity,
  } = value;
  const refuse = (path: (keyof typeof value)[], message: string) =>
    issues.push({ code: "custom", path, message, input: value });
  const without = categories.find((category) => !Object.hasOwn(normalisation, category));
  if (without !== undefined)
    refuse(["normalisation"], `expected one for each category, "${without}" has none`);
  if (samplingSteps > diffusionSteps) refuse(["samplingSteps"], "expected no more than diffusionSteps");
  if (guidance > mostGuidance) refuse(["guidance"], "expected no more than mostGuidance");
  if (value.beginnings > 0 && (value.encoding !== "position" || value.pen !== "channel"))
    refuse(["beginnings"], 'expected 0 unless encoding is "position" and pen is "channel"');
});

/** What a trained network is, and how it draws unless told otherwise. */
export type ModelConfig = z.infer<typeof modelSchema>;

/** A checked model configuration; throws a UserError for a newer format and for anything else that does not fit. */
export function parseModelConfig(value: unknown, name: string): ModelConfig {
  const format =
    typeof value === "object" && value !== null && "format" in value ? Number(value.format) : Number.NaN;
  if (format > MODEL_FORMAT) {
    throw new UserError(
      `${name}: written by a newer cizgi (format ${format}, this one reads up to ${MODEL_FORMAT}); update cizgi to use it.`,
    );
  }
  return checked(modelSchema, value, name);
}
