import type { DenoiserSettings } from "./settings.ts";

/** The noise schedule and what is predicted, in the terms of diffusers' DDIMScheduler. */
export const scheduler = ({ diffusionSteps, prediction }: DenoiserSettings): object => ({
  _class_name: "DDIMScheduler",
  num_train_timesteps: diffusionSteps,
  beta_schedule: "squaredcos_cap_v2",
  prediction_type: prediction === "v" ? "v_prediction" : "epsilon",
  clip_sample: true,
  clip_sample_range: 4,
  // Our samplers ask first about the last time step, and end at the first one, with ᾱ as it is there.
  timestep_spacing: "trailing",
  set_alpha_to_one: false,
});
