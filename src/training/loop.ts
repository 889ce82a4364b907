import { permutation, randomStream, streams } from "../base/random.ts";
import { initialize, type Parameter, parameterCount } from "../nn/parameters.ts";
import type { Feeds } from "../runtime/session.ts";
import { shared, sharedVector } from "../runtime/threads.ts";
import type { GradientProgram } from "./gradient-program.ts";
import { learningRateFactors } from "./learning-rate.ts";
import type { Optimisation } from "./optimisation.ts";
import { createOptimizerState, type OptimizerState, startOptimizer } from "./optimizer.ts";
import type { Losses, Task } from "./task.ts";
import { type Deadline, deadlineOf } from "./time-limit.ts";

/** Everything that changes during training; what a checkpoint keeps. */
export interface TrainingState {
  readonly optimizer: OptimizerState;
  /** Steps done. */
  step: number;
  /** Sum of the losses of this epoch's steps so far. */
  epochLoss: number;
  /** The lowest mean loss of an epoch so far; Infinity before the first epoch ended. */
  bestLoss: number;
  /** The averaged weights of that epoch, where a stage to come needs them. */
  best?: Float32Array;
}

/** The state before the first step, with weights to begin with or random ones. */
export const initialState = (
  parameters: readonly Parameter[],
  seed: number,
  start?: Float32Array,
): TrainingState => ({
  optimizer: createOptimizerState(
    start === undefined
      ? initialize(parameters, seed, sharedVector(parameterCount(parameters)))
      : shared(start.slice()),
  ),
  step: 0,
  epochLoss: 0,
  bestLoss: Infinity,
});

/** Steps of one epoch: the last, incomplete batch is dropped. */
export const stepsPerEpoch = ({ drawings }: Pick<Task, "drawings">, batchSize: number): number =>
  Math.floor(drawings / batchSize);

/** The order of so many drawings in an epoch. */
export const epochOrder = (drawings: number, seed: number, epoch: number): Uint32Array =>
  permutation(drawings, randomStream(seed, streams.order, epoch));

/** What a training step did. */
export interface StepReport {
  readonly losses: Losses;
  /** Steps done, this one included. */
  readonly step: number;
  /** Steps of the whole run, as planned now. */
  readonly steps: number;
  readonly epoch: number;
  readonly learningRate: number;
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** After the last step of an epoch: its mean loss and whether it is the lowest so far. */
  readonly epochEnd?: { readonly loss: number; readonly best: boolean };
  /** Share of the step's time spent waiting for its batch or the next one, at most. */
  readonly dataShare: number;
}

/** The loss or the gradient is no longer a finite number. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
}

/**
 * Trains until the configured number of epochs is done, changing `state` in place; yields after every step.
 * @param deadline when to end: after each epoch the number of epochs becomes what fits at the pace of that epoch, at most
 * the configured one, and the learning rate falls accordingly.
 * @throws DivergenceError when the loss or the gradient's norm is not finite; the weights are then left as they were.
 */
export async function* trainingLoop(
  program: GradientProgram,
  task: Pick<Task, "drawings" | "makeBatch">,
  config: Optimisation,
  state: TrainingState,
  { now, endsAt }: Deadline = deadlineOf({}),
): AsyncGenerator<StepReport> {
  const perEpoch = stepsPerEpoch(task, config.batchSize);
  let { epochs } = config;
  let epochStarted = now();
  let epochFrom = state.step;
  const learningRateFactor = learningRateFactors[config.learningRateSchedule];
  const optimizer = startOptimizer(state.optimizer, program.gradients);
  let order: { epoch: number; members: Uint32Array } | undefined;
  const batchOf = (step: number) => {
    const epoch = Math.floor(step / perEpoch);
    if (order?.epoch !== epoch) order = { epoch, members: epochOrder(task.drawings, config.seed, epoch) };
    const place = (step % perEpoch) * config.batchSize;
    return task.makeBatch(order.members.subarray(place, place + config.batchSize), step);
  };
  let next: Feeds | undefined;

  try {
    while (state.step < perEpoch * epochs) {
      const started = performance.now();
      const epoch = Math.floor(state.step / perEpoch);
      const batch = next ?? batchOf(state.step);
      const ready = performance.now();
      const running = program.run(state.optimizer.weights, batch);
      // While the workers compute.
      next = state.step + 1 < perEpoch * epochs ? batchOf(state.step + 1) : undefined;
      const made = performance.now();
      const losses = await running;
      // Where they were done first, they may have waited for all the time that it took.
      const waited = performance.now() - made < 1 ? made - ready : 0;
      const step = state.step + 1;
      // In the middle of the step, where neither the rise nor the fall is 0.
      const factor = learningRateFactor(
        (step - 0.5) / perEpoch,
        epochs,
        Math.min(config.warmupEpochs, epochs),
      );
      const learningRate = config.learningRate * factor;
      const gradientNorm = await optimizer.gradientNorm();
      if (!Number.isFinite(losses.loss) || !Number.isFinite(gradientNorm)) {
        throw new DivergenceError(
          `step ${step}: the loss is ${losses.loss} and the gradient's norm ${gradientNorm}; a learning rate below ${learningRate} may help`,
        );
      }
      await optimizer.step(step, {
        learningRate,
        betas: [config.beta1, config.beta2],
        epsilon: 1e-8,
        weightDecay: config.weightDecay,
        // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm, and so does the seed.
        gradientScale: Math.min(1, config.clip / (gradientNorm + 1e-6)),
        emaDecay: config.emaWarmup ? Math.min(config.emaDecay, (1 + step) / (10 + step)) : config.emaDecay,
      });

      state.step = step;
      state.epochLoss += losses.loss;
      let epochEnd: StepReport["epochEnd"];
      if (step % perEpoch === 0) {
        const loss = state.epochLoss / perEpoch;
        epochEnd = { loss, best: loss < state.bestLoss };
        state.bestLoss = Math.min(loss, state.bestLoss);
        state.epochLoss = 0;
        const epochEnded = now();
        // A run that is resumed within an epoch does only the rest of it.
        const perStep = (epochEnded - epochStarted) / (step - epochFrom);
        const more = Math.floor((endsAt - epochEnded) / (perStep * perEpoch));
        epochs = Math.min(epoch + 1 + Math.max(more, 0), config.epochs);
        epochStarted = epochEnded;
        epochFrom = step;
      }
      const dataShare = (ready - started + waited) / (performance.now() - started);
      yield {
        losses,
        step,
        steps: perEpoch * epochs,
        epoch,
        learningRate,
        gradientNorm,
        dataShare,
        ...(epochEnd && { epochEnd }),
      };
    }
  } finally {
    await optimizer.dispose();
  }
}
