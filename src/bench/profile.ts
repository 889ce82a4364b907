import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { at } from "../base/at.ts";
import type { RunConfig } from "../families/registry.ts";
import { compileGradients } from "../training/gradient-program.ts";
import { initialState } from "../training/loop.ts";
import { figure } from "./statistics.ts";
import { pointsOf, randomStage } from "./subject.ts";

export interface ProfileBench {
  readonly bench: "profile";
  readonly batch: number;
  readonly microBatch: number;
  /** One worker's time in ONNX Runtime's operators, for one drawing. */
  readonly msPerDrawing: number;
  /** Of the products and softmax between positions, whose work grows with the square of the points. */
  readonly attentionShare: number;
  /** By ONNX operator, largest first. */
  readonly operators: readonly { readonly name: string; readonly share: number; readonly runs: number }[];
}

const RUNS = 3;

const eventSchema = z.looseObject({
  name: z.string(),
  dur: z.number().optional(),
  args: z
    .looseObject({
      op_name: z.string().optional(),
      input_type_shape: z.array(z.record(z.string(), z.array(z.number()))).optional(),
    })
    .optional(),
});

/** Where the time of a gradient goes, by ONNX Runtime's own profile of one worker; its first run is left out. */
export async function benchProfile(config: RunConfig): Promise<ProfileBench> {
  const folder = await mkdtemp(join(tmpdir(), "cizgi-bench-"));
  try {
    const { task, optimisation } = await randomStage(config);
    const { batchSize, seed } = optimisation;
    const program = await compileGradients(task.lossGraph, batchSize, {
      profile: join(folder, "profile"),
    });
    const { weights } = initialState(program.parameters, seed).optimizer;
    const batch = task.makeBatch(
      Uint32Array.from({ length: batchSize }, (_, i) => i),
      0,
    );
    for (let run = 0; run <= RUNS; run++) await program.run(weights, batch);
    await program.dispose();
    const file = at(await readdir(folder), 0);
    const events = z.array(eventSchema).parse(JSON.parse(await readFile(join(folder, file), "utf8")));
    const { microBatch, gradients } = program;
    return summary(events, pointsOf(config), batchSize, microBatch, gradients.length);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function summary(
  events: readonly z.infer<typeof eventSchema>[],
  points: number,
  batchSize: number,
  microBatch: number,
  workers: number,
): ProfileBench {
  const nodes = events.flatMap(({ name, dur = 0, args }) =>
    name.endsWith("_kernel_time") && args?.op_name !== undefined && args.op_name !== "Loop"
      ? [{ op: args.op_name, dur, shapes: (args.input_type_shape ?? []).flatMap(Object.values) }]
      : [],
  );
  const counted = nodes.slice(nodes.length / (RUNS + 1));
  const total = counted.reduce((sum, { dur }) => sum + dur, 0);
  const share = (chosen: typeof counted) => figure(chosen.reduce((sum, { dur }) => sum + dur, 0) / total);
  // Queries, keys and weights by head: [micro-batch, heads, positions, …], positions a part of the points.
  const betweenPositions = ({ shapes }: (typeof counted)[number]) =>
    shapes.some(
      (shape: number[]) => shape.length === 4 && shape[0] === microBatch && points % at(shape, 2) === 0,
    );
  const operators = [...new Set(counted.map(({ op }) => op))].map((name) => {
    const own = counted.filter(({ op }) => op === name);
    return { name, share: share(own), runs: Math.round(own.length / RUNS) };
  });
  return {
    bench: "profile",
    batch: batchSize,
    microBatch,
    msPerDrawing: figure(total / RUNS / 1000 / (batchSize / workers)),
    attentionShare: share(counted.filter(betweenPositions)),
    operators: operators.sort((a, b) => b.share - a.share),
  };
}
