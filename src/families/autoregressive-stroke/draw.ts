import type { RandomStream } from "../../base/random.ts";
import type { Known } from "../../diffusion/estimate.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { diffuse, noiseOf } from "../denoiser/diffuse.ts";
import { drawingStream, trajectoryOf } from "../denoiser/draw.ts";
import type { DenoiserDraws } from "../denoiser/draw-settings.ts";
import { labelOf } from "../label.ts";
import type { Following, GeneratedSketch } from "../request.ts";
import { withNoise } from "./batches.ts";
import type { Programs } from "./programs.ts";
import type { StrokeConfig } from "./settings.ts";
import { fromRow, rowSize } from "./strokes.ts";

/** Drawings to be made. */
export interface StrokeJob extends Following {
  readonly category: string;
  readonly count: number;
  readonly seed: number;
  readonly settings: DenoiserDraws;
  /** ᾱ of the time steps. */
  readonly alphaBars: Float64Array;
  /** Normalised numbers of the strokes that are there; fewer than the model's most. */
  readonly given: readonly Float32Array[];
  /** Where the first stroke after these begins, normalised. */
  readonly start?: Float32Array | undefined;
  /** The drawing of the numbers of all strokes, the given ones first. */
  finish(strokes: readonly Float32Array[]): Sketch;
  /** The same of a drawing that goes on: no stroke moves when another one is added. */
  underWay(strokes: readonly Float32Array[]): Sketch;
}

/** A drawing that goes on. */
interface Drawing {
  readonly index: number;
  readonly stream: RandomStream;
  readonly strokes: Float32Array[];
  /** The same as the network reads them. */
  readonly context: Float32Array[];
}

/**
 * Draws stroke after stroke, each by diffusion; yields drawings in the order of their index. A finished drawing makes room
 * for the next one. What is random in a drawing comes from its own stream, whatever is drawn beside it.
 */
export async function* draw(
  programs: Programs,
  { categories, network, sampling }: StrokeConfig,
  mostRows: number,
  job: StrokeJob,
): AsyncGenerator<GeneratedSketch> {
  const {
    category: word,
    count,
    seed,
    settings,
    alphaBars,
    given,
    start = new Float32Array(),
    onProgress,
    onStep,
    signal,
  } = job;
  const { guidance, eta } = settings;
  const trajectory = trajectoryOf(settings, alphaBars);
  const { times } = trajectory;
  const options = { alphaBars, predictionType: network.prediction, eta, guidance };
  const label = labelOf({ categories }, word);
  const labels = guidance === 1 ? [label] : [label, categories.length];
  const capacity = Math.min(count, Math.max(1, Math.floor(mostRows / labels.length)));
  const size = rowSize(network);
  const named = (sketch: Sketch, { index }: Drawing): GeneratedSketch => ({ ...sketch, word, seed, index });
  const begun = (index: number): Drawing => ({
    index,
    stream: drawingStream({ categories }, word, seed, index),
    strokes: [...given],
    context: [...given],
  });
  /** The first points of the strokes that begin where they are told. */
  const knownOf = (drawings: readonly Drawing[]): Known => {
    const values = new Float32Array(drawings.length * size);
    const mask = new Uint8Array(values.length);
    for (const [i, { strokes }] of drawings.entries()) {
      if (strokes.length > given.length) continue;
      values.set(start, i * size);
      mask.fill(1, i * size, i * size + start.length);
    }
    return { values, mask };
  };

  let active: Drawing[] = [];
  const finished = new Map<number, Drawing>();
  let next = 0;
  let done = 0;
  for (let yielded = 0; yielded < count; ) {
    while (active.length < capacity && next < count) active.push(begun(next++));
    const predict = await programs.read(
      active.map(({ context }) => context),
      { labels, times, capacity },
    );
    const streams = active.map(({ stream }) => stream);
    const known = start.length > 0 ? knownOf(active) : undefined;
    const rowOf = (x: Float32Array, i: number) => fromRow(x.subarray(i * size, (i + 1) * size));
    const walk = diffuse(predict, trajectory, streams, (stream) => noiseOf(stream, size), {
      ...options,
      known,
    });
    let ends: Float32Array = new Float32Array();
    for await (const { x, x0, step } of walk) {
      signal?.throwIfAborted();
      ends = x;
      const shown = (values: Float32Array) =>
        active.map((drawing, i) =>
          named(job.underWay([...drawing.strokes, rowOf(values, i).numbers]), drawing),
        );
      onStep?.({ noisy: shown(x), estimates: shown(x0) });
      const strokes = active.reduce((sum, drawing) => sum + drawing.strokes.length, 0);
      const going = (strokes + (active.length * step) / (times.length - 1)) / network.strokes;
      onProgress?.(Math.min(1, (done + going) / count));
    }
    active = active.filter((drawing, i) => {
      const { numbers, isLast } = rowOf(ends, i);
      // A trajectory ends with a trace of noise, also in what is known.
      if (drawing.strokes.length === given.length) numbers.set(start);
      drawing.strokes.push(numbers);
      drawing.context.push(withNoise(numbers, sampling.contextNoise, drawing.stream));
      if (!isLast && drawing.strokes.length < network.strokes) return true;
      finished.set(drawing.index, drawing);
      done++;
      return false;
    });
    for (let drawing = finished.get(yielded); drawing; drawing = finished.get(yielded)) {
      finished.delete(yielded++);
      yield named(job.finish(drawing.strokes), drawing);
    }
  }
}
