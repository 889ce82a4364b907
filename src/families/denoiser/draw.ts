import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import type { Known } from "../../diffusion/estimate.ts";
import { samplers } from "../../diffusion/samplers.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import type { Following, GeneratedSketch, Step } from "../request.ts";
import { diffuse, type Trajectory } from "./diffuse.ts";
import { type DenoiserDraws, labelOf } from "./draw-settings.ts";
import { channelsOf } from "./network.ts";
import type { Programs } from "./programs.ts";
import type { DenoiserConfig } from "./settings.ts";

/** Drawings to be made: where each begins, and which trajectory it takes. */
export interface DrawJob extends Omit<Following, "onStep"> {
  readonly category: string;
  /** Another category, and how much of it, 0 .. 1. */
  readonly blend?: { readonly category: string; readonly share: number };
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

/** Does one job after the other with a compiled network. */
export interface Drawer {
  /** Yields drawings in the order of their index. Throws a UserError for a category that was never learnt. */
  draw(job: DrawJob): AsyncGenerator<Drawn>;
}

/** The trajectory of a sampler. */
const trajectoryOf = ({ sampler, steps }: DenoiserDraws, alphaBars: Float64Array): Trajectory => ({
  times: samplers[sampler].times(alphaBars.length, steps),
  walk: samplers[sampler].walk,
});

/**
 * The random numbers of one drawing. Every category has its own: drawings that begin with the same noise resemble each
 * other whatever they show, and a few of each of many categories would be less varied than the model is.
 */
export const drawingStream = (
  config: DenoiserConfig,
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
export const rowSize = ({ network }: DenoiserConfig): number => network.points * channelsOf(network);

/** @param mostRows rows of the network that are computed at once, at most. */
export function drawerOf(config: DenoiserConfig, programs: Programs, mostRows: number): Drawer {
  const size = rowSize(config);
  const { points, prediction: predictionType } = config.network;

  async function* draw(job: DrawJob): AsyncGenerator<Drawn> {
    const { category, blend, count, seed, settings, alphaBars, known, onProgress, onRows, signal } = job;
    const { guidance, eta } = settings;
    const trajectory = job.trajectory ?? trajectoryOf(settings, alphaBars);
    const { times } = trajectory;
    labelOf(config, category);
    if (count < 1) return;
    const chunks = Math.ceil((count * programs.rowsEach(guidance)) / mostRows);
    const batch = Math.ceil(count / chunks);
    const predict = await programs.predictor({ category, blend, guidance, times, known }, batch);
    const rowsOf = (first: number, x: Float32Array, penLogits: Float32Array | undefined): Drawn[] =>
      Array.from({ length: Math.min(batch, count - first) }, (_, i) => ({
        index: first + i,
        row: x.subarray(i * size, (i + 1) * size),
        penLogits: penLogits?.subarray(i * points, (i + 1) * points),
      }));

    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const drawings = Array.from({ length: batch }, (_, i) =>
        drawingStream(config, category, seed, first + i),
      );
      let ends: Drawn[] = [];
      const options = { alphaBars, predictionType, eta, guidance, known };
      for await (const state of diffuse(predict, trajectory, drawings, job.begin, options)) {
        signal?.throwIfAborted();
        ends = rowsOf(first, state.x, state.penLogits);
        onRows?.({ noisy: ends, estimates: rowsOf(first, state.x0, state.penLogits) });
        onProgress?.((chunk + state.step / (times.length - 1)) / chunks);
      }
      yield* ends;
    }
  }

  return { draw };
}
