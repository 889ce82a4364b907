import type { DataSettings } from "./run-settings.ts";

/** Three categories for minutes on two cores. */
export const THREE: DataSettings = {
  categories: ["cat", "bus", "rabbit"],
  source: "",
  trainSize: 10_000,
  heldOutSize: 2_000,
  limit: 600,
  heldOut: 0,
  splitSeed: 42,
};

/** What families are compared on: ten categories of many kinds, a few thousand drawings. */
export const TEN: DataSettings = {
  categories: ["cat", "bus", "rabbit", "bicycle", "house", "fish", "airplane", "flower", "umbrella", "clock"],
  source: "",
  trainSize: 600,
  heldOutSize: 2_000,
  limit: 0,
  heldOut: 0.18,
  splitSeed: 42,
};
