import { beforeAll, describe, expect, test } from "vitest";
import { type Batch, makeBatch } from "../../src/families/denoiser/batches.ts";
import { scheduleOf } from "../../src/families/denoiser/schedule.ts";
import { batchOptionsOf, denoisingLoss } from "../../src/families/denoiser/task.ts";
import { initialize } from "../../src/nn/parameters.ts";
import { compileGradients } from "../../src/training/gradient-program.ts";
import { prepare, sizedOf, type TinyRun, tinyBaseline, tinyQuick } from "./tiny.ts";

const members = Uint32Array.of(4, 0, 17, 33, 8, 21, 40, 5, 11, 2, 3, 30);

async function batchOf(config: TinyRun): Promise<Batch> {
  const { set } = await prepare(config);
  const options = batchOptionsOf(
    sizedOf(config).sizes,
    config.optimisation.denoiser,
    scheduleOf(config.network).alphaBars,
  );
  return makeBatch(set, members, 3, { ...options, batchSize: members.length });
}

/** Losses and gradient of the batch, worked through within so much memory by so many threads. */
async function computed(config: TinyRun, batch: Batch, computedBytes: number, threads = 1) {
  const network = sizedOf(config);
  const { penWeight } = config.optimisation.denoiser;
  const options = { threads, computedBytes };
  const program = await compileGradients(
    (...sizes) => denoisingLoss(network, penWeight, ...sizes),
    members.length,
    options,
  );
  const weights = initialize(program.parameters, 5);
  for (const gradient of program.gradients) gradient.fill(Number.NaN);
  const losses = await program.run(weights, batch);
  const gradient = weights.map((_, i) => program.gradients.reduce((sum, part) => sum + part[i], 0));
  const { microBatch, flopsPerDrawing } = program;
  await program.dispose();
  return { losses, gradient, microBatch, flopsPerDrawing };
}

describe.each([
  ["baseline", tinyBaseline],
  ["quick", tinyQuick],
])("preset %s in small", (_, config) => {
  let batch: Batch;
  let whole: Awaited<ReturnType<typeof computed>>;
  beforeAll(async () => {
    batch = await batchOf(config);
    whole = await computed(config, batch, Infinity);
  });

  test("without a bound the batch is computed at once", () => {
    expect(whole.microBatch).toBe(members.length);
  });

  /** But for float32 rounding. */
  function expectSame(pieces: typeof whole) {
    const scale = Math.max(...whole.gradient.map(Math.abs));
    expect(members.length % pieces.microBatch).toBe(0);
    for (const loss of ["loss", "coordinates", "pen"] as const)
      expect(pieces.losses[loss]).toBeCloseTo(whole.losses[loss], 5);
    const errors = pieces.gradient.map((value, i) => Math.abs(value - whole.gradient[i]) / scale);
    expect(Math.max(...errors)).toBeLessThan(1e-5);
    expect(pieces.flopsPerDrawing / whole.flopsPerDrawing).toBeCloseTo(1, 6);
  }

  test("losses and gradient do not depend on the micro-batch", async () => {
    const sizes = new Set<number>();
    for (const mebibytes of [0, 4, 12]) {
      const pieces = await computed(config, batch, mebibytes * 2 ** 20);
      sizes.add(pieces.microBatch);
      expectSame(pieces);
    }
    expect(sizes.size).toBe(3);
  });

  test("nor on the number of workers, each with an equal share of the batch", async () => {
    for (const threads of [2, 3]) {
      const shared = await computed(config, batch, Infinity, threads);
      expect(shared.microBatch).toBe(members.length / threads);
      expectSame(shared);
    }
  });

  test("the total is what it is made of", () => {
    const { loss, coordinates, pen } = whole.losses;
    expect(loss).toBeCloseTo(coordinates + config.optimisation.denoiser.penWeight * pen, 5);
    expect(pen > 0).toBe(config.network.pen === "head");
  });
});
