import { at } from "../base/at.ts";
import { collect } from "../base/collect.ts";
import { configure } from "../families/configure.ts";
import type { RunConfig } from "../families/registry.ts";
import { openSession } from "../node/sample.ts";
import { compileGradients } from "../training/gradient-program.ts";
import { initialState } from "../training/loop.ts";
import { benchProfile } from "./profile.ts";
import { figure, median } from "./statistics.ts";
import { randomStage, untrainedModel } from "./subject.ts";

export interface GrowthBench {
  readonly bench: "growth";
  readonly curves: readonly {
    readonly what: string;
    readonly unit: string;
    readonly sizes: readonly number[];
    /** Medians over rounds of all sizes in turn. */
    readonly ms: readonly number[];
    /** The slope of a line through the logarithms: 1 is proportional. */
    readonly exponent: number;
  }[];
  /** Of a training step's operators, by points. */
  readonly attentionShares: readonly { readonly points: number; readonly share: number }[];
}

const ROUNDS = 5;

/** Half the width of the seed's network, so that everything fits into a laptop's memory at once. */
const reference = (changes: Readonly<Record<string, unknown>> = {}): RunConfig =>
  configure("baseline", { baseChannels: 64, batchSize: 32, ...changes });
const POINTS = [64, 128, 256, 512];
const BATCHES = [16, 32, 64, 128];
const CHANNELS = [32, 64, 96, 128];
const DRAWINGS = [16, 32, 64, 128];

interface Case {
  readonly size: number;
  run(): Promise<unknown>;
  dispose(): Promise<void>;
}

/** Loss and gradients of a batch. */
async function trainingCase(config: RunConfig, size: (parameters: number) => number): Promise<Case> {
  const { task, optimisation } = await randomStage(config);
  const { batchSize, seed } = optimisation;
  const program = await compileGradients(task.lossGraph, batchSize, {});
  const { weights } = initialState(program.parameters, seed).optimizer;
  const batch = task.makeBatch(
    Uint32Array.from({ length: batchSize }, (_, i) => i),
    0,
  );
  return {
    size: size(weights.length),
    run: () => program.run(weights, batch),
    dispose: program.dispose,
  };
}

async function drawingCase(count: number): Promise<Case> {
  const session = openSession(untrainedModel(reference()));
  const request = { category: at(reference().data.categories, 0), count, steps: 4, guidance: 2 };
  return { size: count, run: () => collect(session.sample(request)), dispose: session.dispose };
}

/** How the cost grows with points, batch, parameters and drawings. */
export async function benchGrowth(onProgress: (done: number, total: number) => void): Promise<GrowthBench> {
  const families = [
    {
      what: "points of a drawing",
      unit: "ms a training batch of 32",
      cases: POINTS.map((points) => () => trainingCase(reference({ points }), () => points)),
    },
    {
      what: "batch",
      unit: "ms a training batch",
      cases: BATCHES.map((batchSize) => () => trainingCase(reference({ batchSize }), () => batchSize)),
    },
    {
      what: "parameters",
      unit: "ms a training batch of 32",
      cases: CHANNELS.map(
        (baseChannels) => () => trainingCase(reference({ baseChannels }), (parameters) => parameters),
      ),
    },
    {
      what: "drawings",
      unit: "ms, 4 evaluations with guidance",
      cases: DRAWINGS.map((count) => () => drawingCase(count)),
    },
  ];
  const total = families.length + POINTS.length;
  const curves: GrowthBench["curves"][number][] = [];
  for (const { what, unit, cases } of families) {
    const made: (Case & { readonly times: number[] })[] = [];
    for (const make of cases) made.push({ ...(await make()), times: [] });
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { run, times } of made) {
        const started = performance.now();
        await run();
        if (round > 0) times.push(performance.now() - started);
      }
    }
    for (const { dispose } of made) await dispose();
    const sizes = made.map(({ size }) => size);
    const ms = made.map(({ times }) => median(times));
    curves.push({ what, unit, sizes, ms: ms.map(figure), exponent: figure(slope(sizes, ms)) });
    onProgress(curves.length, total);
  }
  const attentionShares: { points: number; share: number }[] = [];
  for (const points of POINTS) {
    const { attentionShare: share } = await benchProfile(reference({ points }));
    attentionShares.push({ points, share });
    onProgress(families.length + attentionShares.length, total);
  }
  return { bench: "growth", curves, attentionShares };
}

/** The slope of the least-squares line through (log x, log y). */
export function slope(x: readonly number[], y: readonly number[]): number {
  const [u, v] = [x.map(Math.log), y.map(Math.log)];
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const [meanU, meanV] = [mean(u), mean(v)];
  const productWith = (w: readonly number[], meanW: number) =>
    u.reduce((sum, value, i) => sum + (value - meanU) * (at(w, i) - meanW), 0);
  return productWith(v, meanV) / productWith(u, meanU);
}
