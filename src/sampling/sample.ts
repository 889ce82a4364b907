import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import { didYouMean } from "../base/nearest.ts";
import { randomStream, streams } from "../base/random.ts";
import type { ModelConfig } from "../config/model.ts";
import { evaluationTimes, type SamplerName, samplers } from "../diffusion/samplers.ts";
import { cosineSchedule } from "../diffusion/schedule.ts";
import { channelsOf } from "../models/network.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { computeConditions, predictor } from "./conditions.ts";
import { decode } from "./decode.ts";
import { compileDenoiser, type DenoiserProgram, type DeviceOptions, mostRows } from "./denoiser.ts";
import { type Model, networkConfigOf } from "./model.ts";

/** A drawing by the network; seed and index name it, whatever else was drawn with it. */
export interface GeneratedSketch extends Sketch {
  readonly seed: number;
  readonly index: number;
}

/** The way from noise to a drawing. */
export interface DrawSettings {
  /** Network evaluations a drawing; the model's own number unless told. */
  readonly steps: number;
  /** Weight of classifier-free guidance, 1 is none; the model's own unless told. */
  readonly guidance: number;
  /** The model's own unless told. */
  readonly sampler: SamplerName;
  /** DDIM's fresh noise in every step: 0 none, 1 as much as DDPM; the model's own unless told. */
  readonly eta: number;
}

export interface DrawRequest extends Partial<DrawSettings> {
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
  /** Called after every step with the share done, 0 .. 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export type SampleOptions = DrawRequest & DeviceOptions;

/** A model that is ready to draw, as often as it is asked to; one request at a time. */
export interface Sampler {
  /** Yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
  sample(request: DrawRequest): AsyncGenerator<GeneratedSketch>;
  dispose(): Promise<void>;
}

/** Draws once: yields drawings of 256 x 256 in the order of their index. Throws a UserError for a category it never learnt. */
export async function* sample(model: Model, options: SampleOptions): AsyncGenerator<GeneratedSketch> {
  const sampler = openSampler(model, options);
  try {
    yield* sampler.sample(options);
  } finally {
    await sampler.dispose();
  }
}

/** Keeps the compiled network from one request to the next, as long as they ask for as many drawings. */
export function openSampler(model: Model, device: DeviceOptions = {}): Sampler {
  const { config } = model;
  const { alphaBars } = cosineSchedule(config.diffusionSteps);
  const size = config.points * channelsOf(networkConfigOf(config));
  let compiled: { readonly atLeast: number; readonly program: DenoiserProgram } | undefined;
  async function denoiserFor(atLeast: number): Promise<DenoiserProgram> {
    if (compiled?.atLeast === atLeast) return compiled.program;
    await compiled?.program.dispose();
    compiled = { atLeast, program: await compileDenoiser(model, atLeast, device) };
    return compiled.program;
  }

  async function* draw(request: DrawRequest): AsyncGenerator<GeneratedSketch> {
    const { category, count = 1, seed = 0, onProgress, signal } = request;
    const label = labelOf(config, category);
    const { steps, guidance, sampler, eta } = settingsOf(config, request);
    if (count < 1) return;
    // Guidance asks about every drawing twice: with its label, and without.
    const labels = guidance === 1 ? [label] : [label, config.categories.length];
    const chunks = Math.ceil((count * labels.length) / mostRows(device));
    const batch = Math.ceil(count / chunks);
    const times = evaluationTimes(sampler, config.diffusionSteps, steps);
    const [denoiser, conditions] = await Promise.all([
      denoiserFor(batch * labels.length),
      computeConditions(model, times, labels, device),
    ]);
    const predict = predictor(denoiser, conditions, batch);

    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const drawings = Array.from({ length: batch }, (_, i) =>
        randomStream(seed, streams.drawing, first + i),
      );
      const freshNoise = () => {
        const fresh = new Float32Array(batch * size);
        for (let i = 0; i < fresh.length; i++) fresh[i] = drawings[Math.floor(i / size)].normal();
        return fresh;
      };
      const noise = freshNoise();
      let x: Float32Array = noise;
      let penLogits: Float32Array | undefined;
      for await (const state of samplers[sampler](predict, noise, {
        alphaBars,
        predictionType: config.prediction,
        eta,
        freshNoise,
        steps,
        guidance,
      })) {
        signal?.throwIfAborted();
        ({ x, penLogits } = state);
        onProgress?.((chunk + state.step / steps) / chunks);
      }
      for (let i = 0; i < batch && first + i < count; i++) {
        const row = x.subarray(i * size, (i + 1) * size);
        const logits = penLogits?.subarray(i * config.points, (i + 1) * config.points);
        yield { ...decode(config, category, row, logits), word: category, seed, index: first + i };
      }
    }
  }

  return {
    sample: draw,
    async dispose() {
      await compiled?.program.dispose();
      compiled = undefined;
    },
  };
}

/** How a model draws: as it is told, else in its own way. Throws a UserError for what it cannot do. */
export function settingsOf(config: ModelConfig, told: Partial<DrawSettings>): DrawSettings {
  const { steps = config.samplingSteps, guidance = config.guidance, sampler = config.sampler } = told;
  const { eta = sampler === "ddim" ? config.eta : 0 } = told;
  if (steps > config.diffusionSteps) {
    throw new UserError(
      `${steps} sampling steps: this model has ${config.diffusionSteps} time steps, so at most that many.`,
    );
  }
  if (eta > 0 && sampler !== "ddim") {
    throw new UserError(`eta ${eta}: only the sampler ddim adds fresh noise; leave eta out with ${sampler}.`);
  }
  return { steps, guidance, sampler, eta };
}

/** The model's label of a category; throws a UserError for one that it never learnt. */
function labelOf({ categories }: ModelConfig, category: string): number {
  const label = categories.indexOf(category);
  if (label >= 0) return label;
  throw new UserError(
    `this model has not learnt "${category}".${didYouMean(category, categories)} It draws ${listed(categories)}.`,
  );
}
