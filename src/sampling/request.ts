import type { ModelConfig } from "../config/model.ts";
import type { Following } from "./draw.ts";
import { type DrawSettings, labelOf, settingsOf } from "./settings.ts";

/** Drawings to make; settings that are left out are the model's own. */
export interface DrawRequest extends Partial<DrawSettings>, Following {
  readonly category: string;
  /** Drawings wanted; 1 unless told. */
  readonly count?: number;
  readonly seed?: number;
}

/** What a job has of any request. Throws a UserError for a category that was never learnt. */
export function askedFor(config: ModelConfig, request: DrawRequest) {
  const { category, count = 1, seed = 0, onProgress, onStep, signal } = request;
  labelOf(config, category);
  return { category, count, seed, onProgress, onStep, signal, settings: settingsOf(config, request) };
}
