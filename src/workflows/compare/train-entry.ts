import { join } from "node:path";
import { z } from "zod";
import { checked } from "../../base/check.ts";
import { configure } from "../../families/configure.ts";
import { writeFileAtomically } from "../../files/atomic.ts";
import { readJson } from "../../files/json.ts";
import type { DeviceOptions } from "../../runtime/devices.ts";
import { checkpointOf } from "../../training/run.ts";
import { processorTime } from "../../training/time-limit.ts";
import type { Reporter } from "../reporter.ts";
import { train } from "../train.ts";
import type { ComparisonPlan, Entry } from "./plan.ts";

/** What the training of an entry took. */
export interface Trained {
  /** Minutes of the processor's time so far. */
  readonly coreMinutes: number;
  readonly steps: number;
  /** Training drawings that were shown to the network, each as often as it was. */
  readonly drawings: number;
  /** Of the process, in bytes. */
  readonly peakMemory: number;
  readonly done: boolean;
}

const schema = z.strictObject({
  coreMinutes: z.number(),
  steps: z.number(),
  drawings: z.number(),
  peakMemory: z.number(),
  done: z.boolean(),
});

const BEGUN: Trained = { coreMinutes: 0, steps: 0, drawings: 0, peakMemory: 0, done: false };

/** More epochs than any budget has time for. */
const ENDLESS = 10_000;

/**
 * Trains an entry in its folder, or goes on with it: what it has taken so far is written down with every checkpoint, so
 * that a comparison that was killed gives no family more time than the others.
 */
export async function trainEntry(
  folder: string,
  { family, coreMinutes }: Entry,
  { preset, categories, source, trainSize, heldOut }: ComparisonPlan,
  device: DeviceOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Trained> {
  const file = join(folder, "trained.json");
  const begun = (await checkpointOf(folder)) !== undefined;
  let trained = begun ? checked(schema, await readJson(file), file) : BEGUN;
  if (trained.done) return trained;
  const config = configure(preset, {
    family,
    categories,
    data: source,
    trainSize,
    heldOut,
    epochs: ENDLESS,
  });
  const before = trained.coreMinutes;
  const started = processorTime();
  const spent = () => before + (processorTime() - started) / 60_000;
  const write = (done: boolean) => {
    trained = { ...trained, coreMinutes: spent(), done };
    return writeFileAtomically(file, `${JSON.stringify(trained, undefined, 2)}\n`);
  };
  const batchSizes = new Map(
    Object.entries(config.optimisation).map(([stage, { batchSize }]) => [stage, batchSize]),
  );
  const bar = reporter.progress(`train ${family}`, undefined, "steps");
  let isSaved = false;
  const options = { folder, config, resume: begun, coreMinutes: coreMinutes - before, signal, ...device };
  for await (const event of train(options, reporter)) {
    if (event.kind === "step") {
      trained = {
        ...trained,
        steps: trained.steps + 1,
        drawings: trained.drawings + (batchSizes.get(event.stage) ?? 0),
        peakMemory: Math.max(trained.peakMemory, process.memoryUsage.rss()),
      };
      const { loss } = event.report.losses;
      bar.update(
        trained.steps,
        `${spent().toFixed(1)} of ${coreMinutes} core-minutes  loss ${loss.toFixed(4)}`,
      );
      // A checkpoint that is due comes before its step.
      if (isSaved) await write(false);
      isSaved = false;
    } else if (event.kind === "checkpoint") {
      isSaved = true;
      await write(false);
    }
  }
  await write(true);
  bar.finish();
  return trained;
}
