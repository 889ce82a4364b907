import { at } from "../../base/at.ts";
import { type RandomStream, randomStream, streams } from "../../base/random.ts";
import type { RowsProgram, Runtime } from "../../runtime/runtime.ts";
import { keepLast } from "../keep-last.ts";
import type { Following } from "../request.ts";
import { type Begun, openBeginnings } from "./beginnings.ts";
import type { Head, OffsetSampler } from "./head.ts";
import { compilePart } from "./part.ts";
import { pick } from "./pick.ts";
import { buildStep, weightsOf } from "./programs.ts";
import type { SketchRnnDraws, SketchRnnModel, SketchRnnSettings } from "./settings.ts";
import type { Steps } from "./steps.ts";
import { penStates, STEP, stroke5, writeStep } from "./stroke5.ts";

/** Drawings to be made. */
export interface DrawJob<D> extends Begun, Omit<Following, "onStep"> {
  readonly count: number;
  readonly seed: number;
  readonly draws: D;
  /** Normalised steps that every drawing begins with. */
  readonly prefix: Steps;
  /** Called after every step with how far the drawings are. */
  readonly onDrawn?: ((drawn: readonly Drawn[]) => void) | undefined;
}

/** A drawing, as far as it is. */
export interface Drawn {
  readonly index: number;
  /** What came after the prefix, normalised. */
  readonly steps: Steps;
}

/** Does one job after the other with a compiled network. */
export interface Drawer<D> {
  /** Yields drawings in the order of their index. */
  draw(job: DrawJob<D>): AsyncGenerator<Drawn>;
  /** The code that a drawing has unless given one. */
  codeOf(seed: number, label: number, index: number): Float32Array;
  dispose(): Promise<void>;
}

/** A drawing under way. */
interface Row {
  readonly stream: RandomStream;
  readonly offsets: number[];
  readonly pens: number[];
  ended: boolean;
}

/** Programs for so many drawings at once. */
interface Programs<D> {
  readonly step: RowsProgram<"nextHidden" | "nextCell" | "pen" | "output">;
  readonly sampler: OffsetSampler<D>;
  dispose(): Promise<void>;
}

/** Keeps the compiled network from one job to the next, as long as they are of as many drawings. */
export function openDrawer<S extends SketchRnnSettings, D extends SketchRnnDraws>(
  head: Head<S, D>,
  model: SketchRnnModel<S, D>,
  runtime: Runtime,
): Drawer<D> {
  const { network } = model.config;
  const weights = weightsOf(head, model);
  const programs = keepLast((rows) => compilePrograms(rows));

  async function compilePrograms(atLeast: number): Promise<Programs<D>> {
    const step = await compilePart((rows) => buildStep(head, network, rows), weights, atLeast, runtime);
    const sampler = await head.open(network, weights, runtime, step.rows);
    return {
      step,
      sampler,
      async dispose() {
        await step.dispose();
        await sampler.dispose();
      },
    };
  }

  const beginnings = openBeginnings(model.config, weights, runtime);

  async function* draw(job: DrawJob<D>) {
    const { label, count, seed, draws, prefix, onProgress, onDrawn, signal } = job;
    if (count < 1) return;
    const chunks = Math.ceil(count / runtime.mostRows);
    const batch = Math.ceil(count / chunks);
    const { step, sampler } = await programs.get(batch);
    const given = stroke5(prefix, prefix.pens.length + 1);
    const steps = network.points - 1;

    for (let chunk = 0; chunk < chunks; chunk++) {
      const first = chunk * batch;
      const rows = Array.from({ length: step.rows }, (_, i) => rowOf(seed, label, first + i));
      const wanted = rows.slice(0, Math.min(batch, count - first));
      const drawn = (): Drawn[] =>
        wanted.map(({ offsets, pens }, i) => ({
          index: first + i,
          steps: { offsets: Float32Array.from(offsets), pens: Float32Array.from(pens) },
        }));
      const streams = rows.map(({ stream }) => stream);
      const { context, ...begun } = await beginnings.of(streams, job);
      let { hidden, cell } = begun;
      for (let done = 0; done < steps && wanted.some(({ ended }) => !ended); done++) {
        const said = await step.run({ context, hidden, cell, step: stepOf(rows, given, done) });
        [hidden, cell] = [said.nextHidden, said.nextCell];
        if (done >= prefix.pens.length) {
          const offsets = await sampler.next(said.output, streams, draws);
          for (const [i, row] of rows.entries())
            goOn(row, offsets.subarray(2 * i, 2 * i + 2), said.pen.subarray(3 * i, 3 * i + 3), draws);
          onDrawn?.(drawn());
        }
        signal?.throwIfAborted();
        onProgress?.((chunk + (done + 1) / steps) / chunks);
      }
      yield* drawn();
    }
    onProgress?.(1);
  }

  return {
    draw,
    codeOf: (...drawing) => beginnings.codeOf(rowOf(...drawing).stream),
    async dispose() {
      await programs.dispose();
      await beginnings.dispose();
    },
  };
}

/**
 * The random numbers of a drawing are its own. Every category has others, as drawings that begin with the same numbers
 * resemble each other.
 */
const rowOf = (seed: number, label: number, index: number): Row => ({
  stream: randomStream(seed, streams.drawing, label, index),
  offsets: [],
  pens: [],
  ended: false,
});

/** What the network is fed after so many steps: of the given ones, then of those that it drew. */
function stepOf(rows: readonly Row[], given: Float32Array, done: number): Float32Array {
  const fed = new Float32Array(rows.length * STEP);
  const known = given.subarray(done * STEP, (done + 1) * STEP);
  for (const [i, { offsets, pens, ended }] of rows.entries()) {
    if (known.length > 0) fed.set(known, i * STEP);
    else if (ended) writeStep(fed, i, 0, 0, penStates.end);
    else
      writeStep(
        fed,
        i,
        at(offsets, offsets.length - 2),
        at(offsets, offsets.length - 1),
        at(pens, pens.length - 1),
      );
  }
  return fed;
}

/** Adds a step to a drawing that has not ended. */
function goOn(
  row: Row,
  offset: Float32Array,
  penLogits: Float32Array,
  { temperature }: SketchRnnDraws,
): void {
  if (row.ended) return;
  const pen = pick(penLogits, temperature, row.stream);
  if (pen === penStates.end) {
    row.ended = true;
    return;
  }
  row.offsets.push(...offset);
  row.pens.push(pen);
}
