import { at } from "../../base/at.ts";
import { UserError } from "../../base/errors.ts";
import { randomStream, streams } from "../../base/random.ts";
import type { DenoiserInputs } from "../../diffusion/denoiser.ts";
import { errorOf, unknown } from "../../diffusion/loss.ts";
import { evaluationTimes, type SamplerName, samplers } from "../../diffusion/samplers.ts";
import { addNoise } from "../../diffusion/schedule.ts";
import { add, div, mul, sub } from "../../graph/ops/elementwise.ts";
import { mean } from "../../graph/ops/mean.ts";
import { reshape } from "../../graph/ops/stretch.ts";
import { input, scalar, type Tensor } from "../../graph/tensor.ts";
import { frozenScope } from "../../nn/parameters.ts";
import type { LossGraph, Task } from "../../training/task.ts";
import type { Distillation } from "../family.ts";
import { exampleOf, tellKnown } from "./example.ts";
import {
  buildConditions,
  buildDenoiser,
  conditionName,
  type DenoiserNetwork,
  parametersOf,
  type Sizes,
  sizesOf,
} from "./network.ts";
import type { DenoiserConfig, DenoiserModel, DenoiserSettings, DenoiserTraining } from "./settings.ts";
import { contentOf, type TrainingSet } from "./training-set.ts";

/** The sampler of first order at the time steps of each. */
const FIRST_ORDER: Readonly<Record<SamplerName, SamplerName>> = {
  ddim: "ddim",
  heun: "ddim",
  dpm: "dpm1",
  dpm1: "dpm1",
};

/** One step of the teacher: from a time to a later one of the way to the drawing. */
interface TeacherStep {
  /** [batch], [batch, 1, 1]: the time it asks about, and what is left there of drawing and noise. */
  readonly time: Tensor;
  readonly signal: Tensor;
  readonly spread: Tensor;
}

/** Taught nothing but guidance, a student walks as its teacher does; else by steps of first order at the same time steps. */
const samplerOf = ({ sampling: { sampler } }: DenoiserConfig, { substeps }: Distillation): SamplerName =>
  substeps === 1 ? sampler : FIRST_ORDER[sampler];

/** @throws UserError for networks that cannot be distilled. */
export function requireDistillable({ prediction, pen }: DenoiserSettings, name: string): void {
  if (prediction !== "v" || pen !== "channel")
    throw new UserError(
      `${name} predicts ${prediction} with the pen as ${pen}: only networks that predict v, with the pen as a channel, can be distilled.`,
    );
}

/** What the student of a teacher is. */
export function studentOf<S extends DenoiserSettings>(
  teacher: DenoiserConfig<S>,
  wanted: Distillation,
): DenoiserConfig<S> {
  const { steps, substeps, guidance } = wanted;
  const { network, sampling } = teacher;
  // What a teacher was taught to be told, its student is told too.
  const maxGuidance = wanted.maxGuidance ?? network.maxGuidance;
  const draws =
    substeps === 1
      ? { ...sampling, steps: Math.min(steps, sampling.steps) }
      : { steps, sampler: samplerOf(teacher, wanted), eta: 0 };
  return {
    ...teacher,
    network: { ...network, ...(maxGuidance && { maxGuidance }) },
    sampling: { ...draws, guidance: maxGuidance ? guidance : 1 },
  };
}

/**
 * A student of the teacher's size learns to do in one step of first order (DDIM) what the teacher does in several:
 * progressive distillation (Salimans and Ho 2022), the teacher guided as in Meng et al. 2023, by one weight or by any that
 * the student is told.
 * @param start the student's weights at first: the teacher's.
 */
export function distillation<S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  training: Pick<DenoiserTraining, "seed" | "batchSize">,
  set: TrainingSet,
  { teacher, student, start }: { teacher: DenoiserModel<S>; student: DenoiserConfig<S>; start: Float32Array },
  wanted: Distillation,
  alphaBars: Float64Array,
): Task {
  const { maxGuidance } = student.network;
  requireDistillable(student.network, "the teacher");
  const { steps, substeps } = wanted;
  const trajectory = samplers[samplerOf(teacher.config, wanted)].times(alphaBars.length, steps * substeps);
  const times = [...evaluationTimes(trajectory), 0];
  const starts = (times.length - 1) / substeps;
  const { batchSize, seed } = training;
  const { family: _, ...settings } = student.network;
  return {
    drawings: set.labels.length,
    content: contentOf(set),
    bound: { categories: student.categories, ...settings, ...student.sampling, ...wanted, batchSize, seed },
    start,
    lossGraph: (microBatch, batch) =>
      distillationLoss(network, teacher, sizesOf(student), wanted, microBatch, batch),
    makeBatch,
  };

  function makeBatch(members: Uint32Array, step: number) {
    const { points } = set;
    const size = 3 * points;
    const count = members.length;
    const noisy = new Float32Array(count * size);
    const labels = new BigInt64Array(count);
    const known = new Float32Array(count * points);
    const guidances = new Float32Array(count);
    const path = Array.from({ length: substeps + 1 }, () => ({
      times: new Float32Array(count),
      signals: new Float32Array(count),
      spreads: new Float32Array(count),
    }));
    for (const [place, member] of members.entries()) {
      const stream = randomStream(seed, streams.example, step, place);
      const first = substeps * (stream.uint32() % starts);
      for (const [i, stop] of path.entries()) {
        const time = at(times, first + i);
        const alphaBar = at(alphaBars, time);
        stop.times[place] = time;
        stop.signals[place] = Math.sqrt(alphaBar);
        stop.spreads[place] = Math.sqrt(1 - alphaBar);
      }
      const example = exampleOf(set, member, stream, { ...student.network, augment: false });
      const { x0 } = example;
      const noise = Float32Array.from({ length: size }, () => stream.normal());
      addNoise(x0, noise, at(alphaBars, at(times, first)), noisy.subarray(place * size, (place + 1) * size));
      tellKnown({ noisy, known }, example, place);
      labels[place] = BigInt(at(set.labels, member));
      if (maxGuidance) guidances[place] = maxGuidance * stream.uniform();
    }
    const fed = path.flatMap(({ times: when, signals, spreads }, i) => [
      [`times.${i}`, when] as const,
      [`signals.${i}`, signals] as const,
      [`spreads.${i}`, spreads] as const,
    ]);
    const noClass = new BigInt64Array(count).fill(BigInt(student.categories.length));
    const teacher = { "teacher.labels": labels, "teacher.noClass": noClass };
    const told = maxGuidance && { guidance: guidances, "teacher.guidance": guidances };
    return {
      noisy,
      known,
      labels,
      times: at(path, 0).times,
      ...told,
      ...teacher,
      ...Object.fromEntries(fed),
    };
  }
}

/** The student's squared error in v against what would take it where the teacher goes in `substeps` steps. */
function distillationLoss<S extends DenoiserSettings>(
  network: DenoiserNetwork<S>,
  { config, weights }: DenoiserModel<S>,
  student: Sizes<S>,
  { substeps, guidance }: Distillation,
  microBatch: number,
  batch: number,
): LossGraph {
  const teacher = sizesOf(config);
  const order = network.trainingOrder?.(student) ?? "natural";
  const first = buildConditions({ network, sizes: student }, batch);
  const denoiser = buildDenoiser({ network, sizes: student }, microBatch, order);
  const { noisy, known } = denoiser.inputs;

  const scope = frozenScope(parametersOf({ network, sizes: teacher }), weights);
  const [labelled, noClass] = [
    input("teacher.labels", [microBatch], "int64"),
    input("teacher.noClass", [microBatch], "int64"),
  ];
  const told = student.maxGuidance && input("teacher.guidance", [microBatch]);
  const ask = (x: Tensor, times: Tensor, labels: Tensor) => {
    const inputs = { times, labels, ...(told && teacher.maxGuidance && { guidance: told }) };
    const conditions = network.conditions(scope, teacher, inputs);
    return network.denoise(scope, teacher, { ...denoiser.inputs, noisy: x, conditions }, order).prediction;
  };
  const weight = told ? reshape(told, [microBatch, 1, 1]) : scalar(guidance);
  const guided = (x: Tensor, times: Tensor): Tensor => {
    const conditional = ask(x, times, labelled);
    if (teacher.maxGuidance || (!told && guidance === 1)) return conditional;
    const unconditional = ask(x, times, noClass);
    return add(unconditional, mul(sub(conditional, unconditional), weight));
  };

  const path = Array.from({ length: substeps + 1 }, (_, i): TeacherStep => {
    const fed = (name: string) => input(`${name}.${i}`, [microBatch]);
    const column = (name: string) => reshape(fed(name), [microBatch, 1, 1]);
    return { time: fed("times"), signal: column("signals"), spread: column("spreads") };
  });
  const target =
    substeps === 1
      ? guided(noisy, at(path, 0).time)
      : velocityTo(teacherEnd(denoiser.inputs, path, guided), noisy, path);

  const difference = errorOf(denoiser.output.prediction, target, known);
  return {
    parameters: [...first.parameters, ...denoiser.parameters],
    losses: { loss: reshape(mean(mul(difference, difference)), []) },
    ahead: Object.fromEntries(
      Object.entries(first.output).map(([place, condition]) => [conditionName(place), condition]),
    ),
  };
}

/**
 * Where DDIM (Song et al. 2020, eq. 12) takes x along the path: x0 = α x - σ v and ε = σ x + α v at each stop. Known points
 * stay as they are.
 */
function teacherEnd(
  { noisy, known }: Pick<DenoiserInputs, "noisy" | "known">,
  path: readonly TeacherStep[],
  velocity: (x: Tensor, times: Tensor) => Tensor,
): Tensor {
  let x = noisy;
  for (const [i, next] of path.slice(1).entries()) {
    const { time, signal, spread } = at(path, i);
    const v = velocity(x, time);
    const x0 = sub(mul(signal, x), mul(spread, v));
    const epsilon = add(mul(spread, x), mul(signal, v));
    const moved = add(mul(next.signal, x0), mul(next.spread, epsilon));
    x = known ? add(noisy, mul(unknown(known), sub(moved, noisy))) : moved;
  }
  return x;
}

/** The v whose single DDIM step leads from `noisy` to `end` (Salimans and Ho 2022, appendix G). */
function velocityTo(end: Tensor, noisy: Tensor, path: readonly TeacherStep[]): Tensor {
  const [from, to] = [at(path, 0), at(path, path.length - 1)];
  // end = α' x0 + σ' ε with x0 = α x - σ v, ε = σ x + α v: end = (α' α + σ' σ) x - (α' σ - σ' α) v.
  const ofNoisy = add(mul(to.signal, from.signal), mul(to.spread, from.spread));
  const ofVelocity = sub(mul(to.signal, from.spread), mul(to.spread, from.signal));
  return div(sub(mul(ofNoisy, noisy), end), ofVelocity);
}
