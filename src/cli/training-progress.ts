import { type TrainingRun, trainLocked } from "../training/run.ts";
import type { Output } from "./output.ts";
import { type ProgressBar, progressBar } from "./progress.ts";

interface Hooks {
  /** Once the folder is there. */
  readonly onStart?: () => Promise<void>;
  /** After every epoch (counted from 1) but the last, with the averaged weights. */
  readonly onEpoch?: (epoch: number, average: Float32Array) => Promise<void>;
  /** The command that goes on with the run. */
  readonly resumeWith: string;
}

/** Trains in a folder that is locked, and shows how far it is. */
export async function showTraining(run: TrainingRun, to: Output, hooks: Hooks): Promise<void> {
  let bar: ProgressBar | undefined;
  let epochs = 0;
  const started = performance.now();
  for await (const event of trainLocked(run)) {
    if (event.kind === "start") {
      await hooks.onStart?.();
      to.note(
        `Training ${(event.parameters / 1e6).toFixed(1)} M weights on ${run.task.drawings} drawings in ${run.folder}` +
          (event.step > 0 ? `, from step ${event.step}.` : "."),
      );
    } else if (event.kind === "step") {
      const { step, steps, epoch, losses, epochEnd } = event.report;
      epochs = epoch + 1;
      bar ??= progressBar("train", steps, "steps", to.quiet);
      bar.update(step, `epoch ${epochs}  loss ${losses.loss.toFixed(4)}`, steps);
      if (epochEnd !== undefined && step < steps) await hooks.onEpoch?.(epochs, event.average);
    } else if (run.signal?.aborted) {
      bar?.finish();
      to.note(`Saved ${event.path}; go on with: ${hooks.resumeWith}${minutesLeft(run.minutes, started)}`);
    }
  }
  bar?.finish();
  if (epochs > 0 && epochs < run.config.epochs)
    to.note(
      `${epochs} of ${run.config.epochs} epochs are done, more did not fit into ${run.minutes} minutes; --resume goes on with the others.`,
    );
}

/** A run with a limit shall not lose it when it is resumed. */
const minutesLeft = (minutes: number | undefined, started: number): string =>
  minutes === undefined
    ? ""
    : ` --minutes ${Math.max(1, Math.round(minutes - (performance.now() - started) / 60_000))}`;
