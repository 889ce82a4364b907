import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import type { Known } from "../../diffusion/estimate.ts";
import { samplers } from "../../diffusion/samplers.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { labelOf } from "../label.ts";
import type { Following, GeneratedSketch, Step } from "../request.ts";
import { diffuse, type Trajectory } from "./diffuse.ts";
import type { DenoiserDraws } from "./draw-settings.ts";
import { type RowSettings, type Sizes, sizesOf } from "./network.ts";
import type { Programs } from "./programs.ts";
import type { DenoiserConfig } from "./settings.ts";

/** Drawings to be made: where each begins, and which trajectory it takes. */
export interface DrawJob extends Omit<Following, "onStep"> {
  readonly category: string;
  /** Another category, and how much of it, 0 .. 1. */
  readonly blend?: { readonly category: string; readonly share: number };
  /** Index of the first drawing; 0 unless told. */
  readonly first?: number;
  readonly count: number;
  readonly seed: number;
  readonly settings: DenoiserDraws;
  /** The sampler's of the settings unless told. */
  readonly trajectory?: Trajectory;
  /** ᾱ of the time steps, up to the one where the trajectory begins. */
  readonly alphaBars: Float64Array;
  /** The noisy drawing, [points, channels], that one begins with; whatever is random comes from its stream. */
  begin(stream: RandomStream): Float32Array;
  /** What is known of every drawing before. */
  readonly known?: Known;
  /** The codes that the drawings are decoded from, [count, codeSize], for decoders of codes. */
  readonly codes?: Float32Array;
  readonly onRows?: ((step: Step<Drawn>) => void | Promise<void>) | undefined;
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

/** Does one job after the other with a compiled network. */
export interface Drawer {
  /** Yields drawings in the order of their index. Throws a UserError for a category that was never learnt. */
  draw(job: DrawJob): AsyncGenerator<Drawn>;
}

/** The trajectory of a sampler. */
export const trajectoryOf = ({ sampler, steps }: DenoiserDraws, alphaBars: Float64Array): Trajectory => ({
  times: samplers[sampler].times(alphaBars.length, steps),
  walk: samplers[sampler].walk,
});

/**
 * The random numbers of one drawing. Every category has its own: drawings that begin with the same noise resemble each
 * other whatever they show, and a few of each of many categories would be less varied than the model is.
 */
export const drawingStream = (
  config: Pick<DenoiserConfig, "categories">,
  category: string,
  seed: number,
  index: number,
  kind: number = streams.drawing,
): RandomStream => randomStream(seed, kind, labelOf(config, category), index);

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
export function rowSize(config: Pick<DenoiserConfig, "network" | "categories">): number {
  const { points, channels } = sizesOf(config);
  return points * channels;
}

/** A network to draw with. */
interface Drawing {
  readonly categories: readonly string[];
  readonly sizes: Sizes<RowSettings>;
  /** What its random streams are for: drawings, unless told. */
  readonly stream?: number;
}

/** @param mostRows rows of the network that are computed at once, at most. */
export function drawerOf(network: Drawing, programs: Programs, mostRows: number): Drawer {
  const { points, channels, codeSize = 0, prediction: predictionType } = network.sizes;
  const size = points * channels;

  async function* draw(job: DrawJob): AsyncGenerator<Drawn> {
    const {
      category,
      blend,
      first: start = 0,
      count,
      seed,
      settings,
      alphaBars,
      known,
      codes,
      onProgress,
      onRows,
      signal,
    } = job;
    const { guidance, eta } = settings;
    const trajectory = job.trajectory ?? trajectoryOf(settings, alphaBars);
    const { times } = trajectory;
    labelOf(network, category);
    if (count < 1) return;
    const chunks = Math.ceil((count * programs.rowsEach(guidance)) / mostRows);
    const batch = Math.ceil(count / chunks);
    const predictorOf = await programs.predictors({ category, blend, guidance, times, known }, batch);
    const rowsOf = (first: number, x: Float32Array, penLogits: Float32Array | undefined): Drawn[] =>
      Array.from({ length: Math.min(batch, count - first) }, (_, i) => ({
        index: start + first + i,
        row: x.subarray(i * size, (i + 1) * size),
        penLogits: penLogits?.subarray(i * points, (i + 1) * points),
      }));

    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const drawings = Array.from({ length: batch }, (_, i) =>
        drawingStream(network, category, seed, start + first + i, network.stream),
      );
      let ends: Drawn[] = [];
      const options = { alphaBars, predictionType, eta, guidance, known };
      const predict = predictorOf(codes?.subarray(first * codeSize, (first + batch) * codeSize));
      for await (const state of diffuse(predict, trajectory, drawings, job.begin, options)) {
        signal?.throwIfAborted();
        ends = rowsOf(first, state.x, state.penLogits);
        await onRows?.({ noisy: ends, estimates: rowsOf(first, state.x0, state.penLogits) });
        onProgress?.((chunk + state.step / (times.length - 1)) / chunks);
      }
      yield* ends;
    }
  }

  return { draw };
}
