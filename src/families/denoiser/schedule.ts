import { cosineSchedule, type NoiseSchedule } from "../../diffusion/schedule.ts";
import type { DenoiserSettings } from "./settings.ts";

/** The noise schedule of every denoiser. */
export const scheduleOf = ({ diffusionSteps }: Pick<DenoiserSettings, "diffusionSteps">): NoiseSchedule =>
  cosineSchedule(diffusionSteps);
