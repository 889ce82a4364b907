import type { LearningRateSchedule } from "./optimisation.ts";

/** Share of a run over which a trapezoid falls: a fifth does as well as a whole cosine (Hägele et al. 2024). */
const COOLDOWN = 0.2;

/** Factor on the learning rate, 0 .. 1, when so many of all epochs are done; a fraction of one counts too. */
type LearningRateFactor = (epoch: number, epochs: number, warmupEpochs: number) => number;

export const learningRateFactors: Readonly<Record<LearningRateSchedule, LearningRateFactor>> = {
  /** Linear warm-up, then half a cosine down to 0 (Loshchilov and Hutter 2017), by whole epochs as the seed has it. */
  cosine(epoch, epochs, warmupEpochs) {
    const whole = Math.floor(epoch);
    if (whole < warmupEpochs) return Math.min((whole + 1) / warmupEpochs, 1);
    return 0.5 * (1 + Math.cos((Math.PI * (whole - warmupEpochs)) / (epochs - warmupEpochs)));
  },
  /** Linear warm-up, steady, linear down to 0: until it begins to fall, a run can be made longer as if planned so. */
  trapezoid(epoch, epochs, warmupEpochs) {
    const rising = warmupEpochs > 0 ? epoch / warmupEpochs : 1;
    return Math.min(rising, 1, (epochs - epoch) / (COOLDOWN * epochs));
  },
};
