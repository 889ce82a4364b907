import { UserError } from "../../base/errors.ts";
import { diffusionLoss } from "../../diffusion/loss.ts";
import { input } from "../../graph/tensor.ts";
import type { Lesson, TeachingDrawings, TeachingSettings } from "../family.ts";
import { makeBatch } from "./batches.ts";
import { buildNetwork, type SizedNetwork } from "./network.ts";
import { normalisationsOf } from "./normalisation.ts";
import { scheduleOf } from "./schedule.ts";
import type {
  DenoiserConfig,
  DenoiserLearnt,
  DenoiserModel,
  DenoiserSettings,
  DenoiserTraining,
} from "./settings.ts";
import { batchOptionsOf, denoising } from "./task.ts";
import { encodeDrawings, type TrainingSet } from "./training-set.ts";

/** Steps between two looks at the drawings held out. */
const STEPS_PER_LOOK = 20;
/** Noisy drawings of a look, the same in each: those held out, with so many noises. */
const LOOKED_AT = 96;

/** How an adapter is taught. Its class is always told: what guidance goes away from is the model's own word. */
const TEACHING: Omit<DenoiserTraining, "epochs" | "seed"> = {
  augment: false,
  lossWeighting: "min-snr",
  timeSampling: "weighted",
  penWeight: 0.5,
  classDropout: 0,
  dropoutPer: "drawing",
  batchSize: 32,
  learningRate: 2e-3,
  learningRateSchedule: "cosine",
  warmupEpochs: 1,
  beta1: 0.9,
  beta2: 0.99,
  weightDecay: 0.01,
  clip: 1,
  emaDecay: 0.98,
  emaWarmup: true,
  keep: "last",
  checkpointEvery: STEPS_PER_LOOK,
};

/** What is needed of adapters to teach one: the model of one category, and the network over it. */
export interface Adaptable<S extends DenoiserSettings> {
  readonly config: DenoiserConfig<S>;
  narrowed(category: string, learnt: DenoiserLearnt): DenoiserModel<S>;
  network(narrow: DenoiserModel<S>, rank: number): SizedNetwork<S>;
}

/** To draw one category more with a model whose weights stay as they are. */
export function lessonOf<S extends DenoiserSettings>(
  { config, narrowed, network }: Adaptable<S>,
  { category, train, heldOut }: TeachingDrawings,
  { rank, steps, seed }: TeachingSettings,
): Lesson {
  if (config.network.maxGuidance !== undefined)
    throw new UserError("a model with guidance distilled cannot be taught; teach its teacher.");
  const encoded = encodeDrawings(
    config.network,
    [{ category, sketches: train }],
    config.learnt.normalisation,
  );
  const learnt = { normalisation: normalisationsOf([category], encoded.normalisation) };
  const others = encodeDrawings(config.network, [{ category, sketches: heldOut }], learnt.normalisation);
  const narrow = narrowed(category, learnt);
  const sized = network(narrow, rank);
  const training = { ...TEACHING, seed, epochs: Math.ceil(steps / STEPS_PER_LOOK) };
  const { alphaBars } = scheduleOf(config.network);
  const task = denoising(sized, training, [category], encoded.set, alphaBars);
  const count = encoded.set.labels.length;
  return {
    optimisation: training,
    task: {
      ...task,
      drawings: STEPS_PER_LOOK * training.batchSize,
      makeBatch: (members, step) =>
        task.makeBatch(
          members.map((member) => member % count),
          step,
        ),
    },
    heldOut: heldOutLoss(sized, training, others.set, alphaBars),
    learnt,
    left: encoded.left + others.left,
  };
}

/** The loss on some noisy drawings. */
function heldOutLoss<S extends DenoiserSettings>(
  sized: SizedNetwork<S>,
  training: DenoiserTraining,
  set: TrainingSet,
  alphaBars: Float64Array,
): Lesson["heldOut"] {
  const { sizes } = sized;
  const { inputs, output } = buildNetwork(sized, LOOKED_AT);
  const targets = {
    target: input("target", [LOOKED_AT, sizes.points, sizes.channels]),
    weights: input("weights", [LOOKED_AT]),
    pens: input("pens", [LOOKED_AT, sizes.points]),
    known: inputs.known,
  };
  const members = Uint32Array.from({ length: LOOKED_AT }, (_, i) => i % set.labels.length);
  const options = batchOptionsOf(sizes, { ...training, batchSize: LOOKED_AT }, alphaBars);
  return {
    loss: diffusionLoss(output, targets, training.penWeight).loss,
    feeds: makeBatch(set, members, 0, options),
  };
}
