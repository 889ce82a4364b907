import { z } from "zod";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { optimisationKeys } from "../training/optimisation.ts";
import { originSchema } from "../training/origin.ts";
import { type Architecture, architectures, shrinking } from "./network.ts";

const count = z.int().positive();

/** What the network sees of a drawing, and its sizes. */
const networkKeys = {
  architecture: z
    .enum(architectures)
    .default("residual")
    .describe("a residual network, or a plain one that sees small pictures as they are"),
  pictureSize: count.describe("width and height of the pictures that the network sees"),
  margin: z.number().min(0).describe("free pixels on each side of the drawing's longer side"),
  lineWidth: z.number().positive().describe("width of the lines, in pixels"),
  baseChannels: count
    .multipleOf(8)
    .describe("channels of the first of three levels, doubled by the next ones"),
  normGroups: count.describe("groups of every group normalisation"),
};

interface NetworkSizes {
  readonly architecture: Architecture;
  readonly pictureSize: number;
  readonly margin: number;
  readonly baseChannels: number;
  readonly normGroups: number;
}

/** The first layer has half the base channels; augmentation draws margins of up to twice the configured one. */
function checkSizes({ value, issues }: z.core.ParsePayload<NetworkSizes>): void {
  const { architecture, pictureSize, margin, baseChannels, normGroups } = value;
  const refuse = (key: keyof NetworkSizes, message: string) =>
    issues.push({ code: "custom", path: [key], message, input: value });
  if (pictureSize % shrinking[architecture] !== 0)
    refuse(
      "pictureSize",
      `expected a multiple of ${shrinking[architecture]} for architecture ${architecture}`,
    );
  if ((baseChannels / 2) % normGroups !== 0)
    refuse("normGroups", `expected a divisor of half of baseChannels ${baseChannels}`);
  if (4 * margin > pictureSize) refuse("margin", `expected at most a quarter of pictureSize ${pictureSize}`);
}

const trainingKeys = z.strictObject({
  origin: originSchema,
  data: z
    .string()
    .describe('a folder, an address or "synthetic"; empty: CIZGI_DATA, else the cache, else the bucket'),
  heldOut: z
    .number()
    .positive()
    .lt(1)
    .describe("share of the drawings held out for testing, chosen by the hash of their keys"),
  trainSize: count.describe("training drawings a category, at most"),
  ...networkKeys,
  augment: z.boolean().describe("mirrored, turned, stretched and slanted drawings"),
  labelSmoothing: z.number().min(0).lt(1).describe("share of the target spread over all categories"),
  ...optimisationKeys,
});

export const classifierTrainingSchema = trainingKeys.check(checkSizes);

export type ClassifierTrainingConfig = z.infer<typeof classifierTrainingSchema>;

/** How the classifier that ships was trained. */
export const classifierPreset: ClassifierTrainingConfig = {
  data: "",
  heldOut: 0.15,
  trainSize: 600,
  architecture: "residual",
  pictureSize: 64,
  margin: 2,
  lineWidth: 2,
  baseChannels: 64,
  normGroups: 8,
  augment: true,
  labelSmoothing: 0.1,
  epochs: 16,
  batchSize: 128,
  learningRate: 2e-3,
  learningRateSchedule: "cosine",
  warmupEpochs: 1,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.05,
  clip: 1,
  emaDecay: 0.999,
  emaWarmup: true,
  keep: "last",
  seed: 42,
  checkpointEvery: 100,
};

/** The newest layout of a classifier's configuration that this version reads. */
export const CLASSIFIER_FORMAT = 1;

const FAMILY = "classifier";

const classifierKeys = z.strictObject({
  format: z.int().min(1),
  family: z.literal(FAMILY),
  categories: z.array(z.string()).min(2),
  ...networkKeys,
});

const classifierSchema = classifierKeys.check(checkSizes);

/** What tells other models and newer layouts apart; models that draw name their family in `network`. */
const headSchema = z
  .looseObject({ format: z.number(), family: z.string(), network: z.looseObject({ family: z.string() }) })
  .partial();

/** What is needed to use a trained classifier. */
export type ClassifierConfig = z.infer<typeof classifierSchema>;

/** A checked training configuration; throws a UsageError that names every wrong key. */
export const parseClassifierTraining = (value: unknown, name: string): ClassifierTrainingConfig =>
  checked(classifierTrainingSchema, value, name);

/** A checked classifier configuration; throws a UserError for another model, a newer format and what else does not fit. */
export function parseClassifierConfig(value: unknown, name: string): ClassifierConfig {
  const { format = CLASSIFIER_FORMAT, network, ...head } = headSchema.safeParse(value).data ?? {};
  const family = head.family ?? network?.family ?? FAMILY;
  if (family !== FAMILY) {
    throw new UserError(
      `${name}: expected a classifier, found a model of the family "${family}"; train a classifier with "cizgi classifier train --out FOLDER" or name another folder.`,
    );
  }
  if (format > CLASSIFIER_FORMAT) {
    throw new UserError(
      `${name}: written by a newer cizgi (format ${format}, this one reads up to ${CLASSIFIER_FORMAT}); update cizgi to use it.`,
    );
  }
  return checked(classifierSchema, value, name);
}
