import { join } from "node:path";
import { z } from "zod";
import { checked } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import { configure } from "../../families/configure.ts";
import type { RunConfig } from "../../families/registry.ts";
import { writeFileAtomically } from "../../files/atomic.ts";
import { readJsonIfThere } from "../../files/json.ts";
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

/** The configuration of an entry; throws a UsageError for settings that its family does not take. */
export const entryConfig = (
  { family, seed }: Entry,
  { preset, categories, source, trainSize, heldOut }: ComparisonPlan,
): RunConfig =>
  configure(preset, {
    family,
    categories,
    data: source,
    trainSize,
    heldOut,
    epochs: ENDLESS,
    ...(seed !== undefined && { seed }),
  });

/**
 * Trains an entry in its folder, or goes on with it: what it has taken so far is written down with every checkpoint, so
 * that a comparison that was killed gives no family more time than the others.
 * @throws UserError for a folder that does not say what its training has taken.
 */
export async function trainEntry(
  folder: string,
  { family, coreMinutes }: Entry,
  config: RunConfig,
  device: DeviceOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Trained> {
  const file = join(folder, "trained.json");
  const known = await readJsonIfThere(file);
  const before = known === undefined ? BEGUN : checked(schema, known, file);
  if (before.done) return before;
  const resume = (await checkpointOf(folder)) !== undefined;
  if (resume && known === undefined)
    throw new UserError(
      `${folder} holds a checkpoint, but no trained.json that says how long it was trained; remove the folder to train it anew.`,
    );
  let trained = resume ? before : BEGUN;
  const taken = trained.coreMinutes;
  const started = processorTime();
  const spent = () => taken + (processorTime() - started) / 60_000;
  const write = (done: boolean) => {
    trained = { ...trained, coreMinutes: spent(), done };
    return writeFileAtomically(file, `${JSON.stringify(trained, undefined, 2)}\n`);
  };
  const batchSizes = new Map(
    Object.entries(config.optimisation).map(([stage, { batchSize }]) => [stage, batchSize]),
  );
  const bar = reporter.progress(`train ${family}`, undefined, "steps");
  let isSaved = false;
  // Killed after its last step, it has none left: what remains is to write the model, after the epoch that it is in.
  const left = Math.max(0, coreMinutes - taken);
  const options = { folder, config, resume, coreMinutes: left, signal, ...device };
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
