import { z } from "zod";
import {
  type DenoiserSampling,
  denoiserKeys,
  denoiserLearnt,
  denoiserTraining,
  encodingKeys,
} from "../denoiser/settings.ts";

/** Settings of every model that draws by codes of drawings; a family adds its sizes. */
export const codeKeys = { ...encodingKeys, diffusionSteps: denoiserKeys.diffusionSteps } as const;

/** The same of any family, without its own sizes. */
export const codeSettings = z.object({ family: z.string(), ...codeKeys });

export type CodeSettings = z.output<typeof codeSettings>;

/** How the prior of codes is trained. */
export const priorTraining = denoiserTraining.omit({ augment: true, penWeight: true, dropoutPer: true });

export type PriorTraining = z.output<typeof priorTraining>;

/** What is measured of the training drawings and of their codes. */
export const codeLearnt = denoiserLearnt.extend({
  /** Mean and standard deviation of the codes' channels. */
  codes: z.strictObject({ mean: z.array(z.number()), std: z.array(z.number().min(1e-30).max(1e30)) }),
});

type CodeLearnt = z.output<typeof codeLearnt>;
export type CodeStatistics = CodeLearnt["codes"];

/** A trained autoencoder and the prior of its codes; `S` are its family's settings. */
export interface CodeConfig<S extends CodeSettings = CodeSettings> {
  readonly format: number;
  readonly categories: readonly string[];
  readonly network: S;
  readonly learnt: CodeLearnt;
  readonly sampling: DenoiserSampling;
}

export interface CodeModel<S extends CodeSettings = CodeSettings> {
  readonly config: CodeConfig<S>;
  readonly weights: Float32Array;
}
