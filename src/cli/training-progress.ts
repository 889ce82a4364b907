import { type TrainingRun, train } from "../training/run.ts";
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

/** Trains, and shows how far it is. */
export async function showTraining(run: TrainingRun, to: Output, hooks: Hooks): Promise<void> {
  let bar: ProgressBar | undefined;
  let epochs = 0;
  for await (const event of train(run)) {
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
      to.note(`Saved ${event.path}; go on with: ${hooks.resumeWith}`);
    }
  }
  bar?.finish();
  if (epochs > 0 && epochs < run.config.epochs)
    to.note(`${epochs} of ${run.config.epochs} epochs fitted into ${run.minutes} minutes.`);
}
