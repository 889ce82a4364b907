import { randomStream, streams } from "../base/random.ts";
import type { TrainingConfig } from "../config/training.ts";
import { errorOf, unknown } from "../diffusion/loss.ts";
import { evaluationTimes, type SamplerName, samplers } from "../diffusion/samplers.ts";
import { addNoise, cosineSchedule } from "../diffusion/schedule.ts";
import { add, div, mul, sub } from "../graph/ops/elementwise.ts";
import { mean } from "../graph/ops/mean.ts";
import { reshape } from "../graph/ops/stretch.ts";
import { input, scalar, type Tensor } from "../graph/tensor.ts";
import type { DenoiserInputs } from "../models/denoiser.ts";
import { buildConditions, buildDenoiser, conditionName, type NetworkConfig } from "../models/network.ts";
import { trainingOrder, unet1d, unet1dConditions } from "../models/unet1d.ts";
import { frozenScope, parameterViews } from "../nn/parameters.ts";
import { saveModel } from "../node/model.ts";
import { type Model, networkConfigOf, parametersOf } from "../sampling/model.ts";
import { fingerprintOf } from "./denoising.ts";
import { exampleOf, tellKnown } from "./example.ts";
import type { LossGraph, Task } from "./task.ts";
import type { TrainingSet } from "./training-set.ts";
import { widened } from "./widen.ts";

/** What a student shall do of its teacher's work. */
export interface Distillation {
  /** Evaluations in which the student shall draw. */
  readonly steps: number;
  /** Evaluations of the teacher that one of the student stands for; 1 teaches nothing but the guidance. */
  readonly substeps: number;
  /** The teacher's guidance, which the student then has without asking twice. */
  readonly guidance: number;
  /** Where given, the student learns any guidance from 0 to this and is told which; `guidance` is what it takes unless told. */
  readonly mostGuidance?: number;
}

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

/**
 * A student of the teacher's size learns to do in one step of first order (DDIM) what the teacher does in several:
 * progressive distillation (Salimans and Ho 2022), the teacher guided as in Meng et al. 2023, by one weight or by any that
 * the student is told. It begins with the teacher's weights.
 * @param model predicts v, with the pen as a channel.
 */
export function distillation(
  config: Pick<TrainingConfig, "seed" | "batchSize">,
  set: TrainingSet,
  model: Model,
  wanted: Distillation,
): Task {
  const { alphaBars } = cosineSchedule(model.config.diffusionSteps);
  const { steps, substeps, guidance } = wanted;
  // What a teacher was taught to be told, its student is told too.
  const mostGuidance = wanted.mostGuidance ?? model.config.mostGuidance;
  const { diffusionSteps, sampler } = model.config;
  // Taught nothing but guidance, the student walks as its teacher does; else by steps of first order at the same time steps.
  const walk = substeps === 1 ? sampler : FIRST_ORDER[sampler];
  const times = [...evaluationTimes(samplers[walk].times(diffusionSteps, steps * substeps)), 0];
  const starts = (times.length - 1) / substeps;
  const student = {
    ...model.config,
    ...(mostGuidance ? { guidance, mostGuidance } : { guidance: 1 }),
    ...(substeps === 1
      ? { samplingSteps: Math.min(steps, model.config.samplingSteps) }
      : { samplingSteps: steps, sampler: walk, eta: 0 }),
  };
  return {
    drawings: set.labels.length,
    fingerprint: fingerprintOf(set),
    bound: { ...student, ...wanted, batchSize: config.batchSize, seed: config.seed },
    start: weightsAsTeacher(model, networkConfigOf(student), config.seed),
    lossGraph: (microBatch, batch) =>
      distillationLoss(model, networkConfigOf(student), wanted, microBatch, batch),
    makeBatch: (members, step) => makeBatch(members, step),
    save: (folder, weights) => saveModel(folder, { config: student, weights }),
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
      const stream = randomStream(config.seed, streams.example, step, place);
      const first = substeps * (stream.uint32() % starts);
      for (const [i, { times: at, signals, spreads }] of path.entries()) {
        const time = times[first + i];
        at[place] = time;
        signals[place] = Math.sqrt(alphaBars[time]);
        spreads[place] = Math.sqrt(1 - alphaBars[time]);
      }
      const example = exampleOf(set, member, stream, { ...model.config, augment: false });
      const { x0 } = example;
      const noise = Float32Array.from({ length: size }, () => stream.normal());
      addNoise(x0, noise, alphaBars[times[first]], noisy.subarray(place * size, (place + 1) * size));
      tellKnown({ noisy, known }, example, place);
      labels[place] = BigInt(set.labels[member]);
      if (mostGuidance) guidances[place] = mostGuidance * stream.uniform();
    }
    const fed = path.flatMap(({ times: at, signals, spreads }, i) => [
      [`times.${i}`, at] as const,
      [`signals.${i}`, signals] as const,
      [`spreads.${i}`, spreads] as const,
    ]);
    const noClass = new BigInt64Array(count).fill(BigInt(model.config.categories.length));
    const teacher = { "teacher.labels": labels, "teacher.noClass": noClass };
    const told = mostGuidance && { guidance: guidances, "teacher.guidance": guidances };
    return { noisy, known, labels, times: path[0].times, ...told, ...teacher, ...Object.fromEntries(fed) };
  }
}

/** The teacher's weights in the student; one that is newly told the guidance makes nothing of it at first. */
function weightsAsTeacher({ config, weights }: Model, student: NetworkConfig, seed: number): Float32Array {
  const parameters = parametersOf(student);
  const { diffusionSteps } = config;
  const start = widened(parametersOf(networkConfigOf(config)), weights, parameters, { diffusionSteps, seed });
  if (config.mostGuidance) return start;
  const views = parameterViews(parameters, start);
  for (const last of ["weight", "bias"]) views.get(`guidance_mlp.3.${last}`)?.fill(0);
  return start;
}

/** The student's squared error in v against what would take it where the teacher goes in `substeps` steps. */
function distillationLoss(
  model: Model,
  student: NetworkConfig,
  { substeps, guidance }: Distillation,
  microBatch: number,
  batch: number,
): LossGraph {
  const teacher = networkConfigOf(model.config);
  const order = trainingOrder(student);
  const first = buildConditions(student, batch);
  const denoiser = buildDenoiser(student, microBatch, order);
  const { noisy, known } = denoiser.inputs;

  const scope = frozenScope(parametersOf(teacher), model.weights);
  const [labelled, noClass] = ["labels", "noClass"].map((name) =>
    input(`teacher.${name}`, [microBatch], "int64"),
  );
  const told = student.mostGuidance && input("teacher.guidance", [microBatch]);
  const ask = (x: Tensor, times: Tensor, labels: Tensor) => {
    const inputs = { times, labels, ...(told && teacher.mostGuidance && { guidance: told }) };
    const conditions = unet1dConditions(scope, teacher, inputs);
    return unet1d(scope, teacher, { ...denoiser.inputs, noisy: x, conditions }, order).prediction;
  };
  const weight = told ? reshape(told, [microBatch, 1, 1]) : scalar(guidance);
  const guided = (x: Tensor, times: Tensor): Tensor => {
    const conditional = ask(x, times, labelled);
    if (teacher.mostGuidance || (!told && guidance === 1)) return conditional;
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
      ? guided(noisy, path[0].time)
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
  for (let i = 0; i + 1 < path.length; i++) {
    const [{ time, signal, spread }, next] = [path[i], path[i + 1]];
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
  const [from, to] = [path[0], path[path.length - 1]];
  // end = α' x0 + σ' ε with x0 = α x - σ v, ε = σ x + α v: end = (α' α + σ' σ) x - (α' σ - σ' α) v.
  const ofNoisy = add(mul(to.signal, from.signal), mul(to.spread, from.spread));
  const ofVelocity = sub(mul(to.signal, from.spread), mul(to.spread, from.signal));
  return div(sub(mul(ofNoisy, noisy), end), ofVelocity);
}
