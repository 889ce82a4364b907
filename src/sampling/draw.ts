import { type RandomStream, randomStream, streams } from "../base/random.ts";
import type { ModelConfig } from "../config/model.ts";
import type { DdimOptions } from "../diffusion/ddim.ts";
import type { Known, Predict, SamplerState } from "../diffusion/estimate.ts";
import { evaluationTimes, samplers } from "../diffusion/samplers.ts";
import { channelsOf } from "../models/network.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { blended, compileConditions, computeConditions, predictor } from "./conditions.ts";
import { compileDenoiser } from "./denoiser.ts";
import { type Model, networkConfigOf } from "./model.ts";
import { asksTwice, type DrawSettings, labelOf } from "./settings.ts";

/** A drawing by the network; seed and index name it, whatever else was drawn with it. */
export interface GeneratedSketch extends Sketch {
  readonly seed: number;
  readonly index: number;
}

/** Where drawings that are drawn together stand after a step. */
export interface Step<Drawing> {
  /** The noisy ones. */
  readonly noisy: readonly Drawing[];
  /** What the network takes them for. */
  readonly estimates: readonly Drawing[];
}

/** What every request may say. */
export interface Following {
  /** Called after every step with the share done, 0 .. 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Called after every step with how far the drawings are. */
  readonly onStep?: ((step: Step<GeneratedSketch>) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** From where a drawing begins to where it ends. */
interface Way {
  /** The time steps of the network's evaluations, and the one where they end. */
  readonly times: readonly number[];
  readonly walk: (predict: Predict, x: Float32Array, options: DdimOptions) => AsyncGenerator<SamplerState>;
}

/** Drawings to be made: where each begins, and which way it goes. */
export interface DrawJob extends Omit<Following, "onStep"> {
  readonly category: string;
  /** Another category, and how much of it, 0 .. 1. */
  readonly blend?: { readonly category: string; readonly share: number };
  readonly count: number;
  readonly seed: number;
  readonly settings: DrawSettings;
  /** The sampler's of the settings unless told. */
  readonly way?: Way;
  /** ᾱ of the time steps, up to the one where the way begins. */
  readonly alphaBars: Float64Array;
  /** The noisy drawing, [points, channels], that one begins with; whatever is random comes from its stream. */
  begin(stream: RandomStream): Float32Array;
  /** What is known of every drawing before. */
  readonly known?: Known;
  readonly onRows?: ((step: Step<Drawn>) => void) | undefined;
}

/** The same, and the drawing that comes of where it ends. */
export interface SketchJob extends Following, Omit<DrawJob, "onRows"> {
  finish(drawn: Drawn): Sketch;
}

/** Where a drawing ended. */
export interface Drawn {
  readonly index: number;
  /** [points, channels]. */
  readonly row: Float32Array;
  /** [points], where the pen has a head of its own. */
  readonly penLogits: Float32Array | undefined;
}

/** A compiled network that does one job after the other. */
export interface Drawer {
  /** Yields drawings in the order of their index. Throws a UserError for a category that was never learnt. */
  draw(job: DrawJob): AsyncGenerator<Drawn>;
  dispose(): Promise<void>;
}

/** The way of a sampler. */
const wayOf = ({ sampler, steps }: DrawSettings, alphaBars: Float64Array): Way => ({
  times: samplers[sampler].times(alphaBars.length, steps),
  walk: samplers[sampler].walk,
});

/** Standard normal noise like a drawing. */
export const noiseOf = (stream: RandomStream, size: number): Float32Array =>
  Float32Array.from({ length: size }, () => stream.normal());

/**
 * The random numbers of one drawing. Every category has its own: drawings that begin with the same noise resemble each
 * other whatever they show, and a few of each of many categories would be less varied than the model is.
 */
export const drawingStream = (
  config: ModelConfig,
  category: string,
  seed: number,
  index: number,
): RandomStream => randomStream(seed, streams.drawing, labelOf(config, category), index);

/** Does a job; yields drawings in the order of their index. */
export async function* sketches(drawer: Drawer, job: SketchJob): AsyncGenerator<GeneratedSketch> {
  const { category: word, seed, onStep } = job;
  const sketchOf = (drawn: Drawn) => ({ ...job.finish(drawn), word, seed, index: drawn.index });
  for await (const drawn of drawer.draw({ ...job, onRows: onStep && seenAs(sketchOf, onStep) }))
    yield sketchOf(drawn);
}

/** Tells of steps as drawings. */
export const seenAs =
  (sketchOf: (drawn: Drawn) => GeneratedSketch, onStep: (step: Step<GeneratedSketch>) => void) =>
  ({ noisy, estimates }: Step<Drawn>): void =>
    onStep({ noisy: noisy.map(sketchOf), estimates: estimates.map(sketchOf) });

/** Numbers of a drawing as the network sees it. */
export const rowSize = (config: ModelConfig): number => config.points * channelsOf(networkConfigOf(config));

/** Keeps the compiled network from one job to the next, as long as they ask for as many drawings. */
export function openDrawer(model: Model, runtime: Runtime): Drawer {
  const { config } = model;
  const size = rowSize(config);
  const nothing: Known = { values: new Float32Array(size), mask: new Uint8Array(size) };
  const denoisers = keepLast((rows) => compileDenoiser(model, rows, runtime));
  const conditioners = keepLast((pairs) => compileConditions(model, pairs, runtime));

  async function conditionsOf({ category, blend, settings: { guidance } }: DrawJob, way: Way) {
    const times = evaluationTimes(way.times);
    const asked = [category, ...(blend ? [blend.category] : [])].map((name) => labelOf(config, name));
    const labels = asksTwice(config, guidance) ? [...asked, config.categories.length] : asked;
    const program = await conditioners.get(times.length * labels.length);
    const told = config.mostGuidance ? guidance : undefined;
    const conditions = await computeConditions(program, times, labels, told);
    return blend ? blended(conditions, blend.share) : conditions;
  }

  async function* draw(job: DrawJob): AsyncGenerator<Drawn> {
    const { category, count, seed, settings, alphaBars, known, onProgress, onRows, signal } = job;
    const { guidance, eta } = settings;
    const way = job.way ?? wayOf(settings, alphaBars);
    const halves = asksTwice(config, guidance) ? 2 : 1;
    labelOf(config, category);
    if (count < 1) return;
    const chunks = Math.ceil((count * halves) / runtime.mostRows);
    const batch = Math.ceil(count / chunks);
    const [denoiser, conditions] = await Promise.all([denoisers.get(batch * halves), conditionsOf(job, way)]);
    const predict = predictor(
      denoiser,
      conditions,
      batch,
      config.beginnings > 0 ? (known ?? nothing) : undefined,
    );
    const rowsOf = (first: number, x: Float32Array, penLogits: Float32Array | undefined): Drawn[] =>
      Array.from({ length: Math.min(batch, count - first) }, (_, i) => ({
        index: first + i,
        row: x.subarray(i * size, (i + 1) * size),
        penLogits: penLogits?.subarray(i * config.points, (i + 1) * config.points),
      }));

    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const drawings = Array.from({ length: batch }, (_, i) =>
        drawingStream(config, category, seed, first + i),
      );
      const noisy = new Float32Array(batch * size);
      for (const [i, stream] of drawings.entries()) noisy.set(job.begin(stream), i * size);
      const freshNoise = () => {
        const fresh = new Float32Array(batch * size);
        for (let i = 0; i < fresh.length; i++) fresh[i] = drawings[Math.floor(i / size)].normal();
        return fresh;
      };
      let x: Float32Array = noisy;
      let penLogits: Float32Array | undefined;
      for await (const state of way.walk(predict, noisy, {
        alphaBars,
        predictionType: config.prediction,
        eta,
        freshNoise,
        times: way.times,
        guidance,
        known,
      })) {
        signal?.throwIfAborted();
        ({ x, penLogits } = state);
        onRows?.({ noisy: rowsOf(first, x, penLogits), estimates: rowsOf(first, state.x0, penLogits) });
        onProgress?.((chunk + state.step / (way.times.length - 1)) / chunks);
      }
      yield* rowsOf(first, x, penLogits);
    }
  }

  return {
    draw,
    async dispose() {
      await denoisers.dispose();
      await conditioners.dispose();
    },
  };
}

/** Keeps what was compiled for a number of rows until it is asked for another number. */
function keepLast<P extends { dispose(): Promise<void> }>(compile: (rows: number) => Promise<P>) {
  let kept: { readonly rows: number; readonly program: P } | undefined;
  async function dispose(): Promise<void> {
    await kept?.program.dispose();
    kept = undefined;
  }
  async function get(rows: number): Promise<P> {
    if (kept?.rows !== rows) {
      await dispose();
      kept = { rows, program: await compile(rows) };
    }
    return kept.program;
  }
  return { get, dispose };
}
