import { at } from "../base/at.ts";
import { type TrainingRun, trainLocked } from "../training/run.ts";
import { type Deadline, deadlineOf, minutesLeft, type TimeLimit } from "../training/time-limit.ts";
import type { Progress } from "../workflows/reporter.ts";
import type { Output } from "./output.ts";

interface Hooks {
  /** Once the folder is there. */
  readonly onStart?: () => Promise<void>;
  /** After every epoch (counted from 1) of the last stage but its last, with the averaged weights of all stages. */
  readonly onEpoch?: (epoch: number, weights: readonly Float32Array[]) => Promise<void>;
  /** The command that goes on with the run. */
  readonly resumeWith: string;
}

/** Trains in a folder that is locked, and shows how far it is. */
export async function showTraining(run: TrainingRun, to: Output, hooks: Hooks): Promise<void> {
  const { stages, folder, signal } = run;
  const last = at(stages, stages.length - 1);
  const several = stages.length > 1;
  let bar: Progress | undefined;
  let epochs = 0;
  let begun = false;
  const deadline = deadlineOf(run);
  for await (const event of trainLocked(run)) {
    if (event.kind === "start") {
      bar?.finish();
      bar = undefined;
      epochs = 0;
      if (!begun) await hooks.onStart?.();
      begun = true;
      to.note(
        `Training ${several ? `${event.stage}, ` : ""}${(event.parameters / 1e6).toFixed(1)} M weights on ${event.drawings} drawings in ${folder}` +
          (event.step > 0 ? `, from step ${event.step}.` : "."),
      );
    } else if (event.kind === "step") {
      const { step, steps, epoch, losses, epochEnd } = event.report;
      epochs = epoch + 1;
      bar ??= to.progress(several ? event.stage : "train", steps, "steps");
      bar.update(step, `epoch ${epochs}  loss ${losses.loss.toFixed(4)}`, steps);
      if (epochEnd !== undefined && step < steps && event.stage === last.name)
        await hooks.onEpoch?.(epochs, event.weights);
    } else if (signal?.aborted) {
      bar?.finish();
      to.note(`Saved ${event.path}; go on with: ${hooks.resumeWith}${limitLeft(run, deadline)}`);
    }
  }
  bar?.finish();
  const { epochs: planned } = last.optimisation;
  if (epochs > 0 && epochs < planned)
    to.note(
      `${epochs} of ${planned} epochs are done, more did not fit into ${run.coreMinutes ?? run.minutes} ${run.coreMinutes === undefined ? "minutes" : "core-minutes"}; --resume goes on with the others.`,
    );
}

/** A run with a limit shall not lose it when it is resumed. */
function limitLeft({ minutes, coreMinutes }: TimeLimit, deadline: Deadline): string {
  if (coreMinutes !== undefined) return ` --core-minutes ${minutesLeft(deadline)}`;
  return minutes === undefined ? "" : ` --minutes ${minutesLeft(deadline)}`;
}
