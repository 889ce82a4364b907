import { z } from "zod";
import type { KeysOf } from "../base/check.ts";
import { wholeNumber } from "../base/numbers.ts";
import type { ModelConfig } from "../config/model.ts";
import type { Following } from "./draw.ts";
import { type DrawSettings, labelOf, settingKeys, settingsOf } from "./settings.ts";

/** Drawings to make; settings that are left out are the model's own. */
export interface DrawRequest extends Partial<DrawSettings>, Following {
  readonly category: string;
  /** Drawings wanted, 0 to 2^32; 1 unless told. */
  readonly count?: number;
  /** 0 to 2^53 - 1; 0 unless told. */
  readonly seed?: number;
}

const isFunction = (value: unknown): boolean => typeof value === "function";
const isSignal = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "throwIfAborted" in value;

/** What every request may say of who follows it. */
export const followingKeys = {
  onProgress: z.custom<Following["onProgress"]>(isFunction, "expected a function").optional(),
  onStep: z.custom<Following["onStep"]>(isFunction, "expected a function").optional(),
  signal: z.custom<Following["signal"]>(isSignal, "expected an AbortSignal").optional(),
} satisfies KeysOf<Following>;

/** Seeds of everything that is drawn. */
export const seedKey = wholeNumber(0, Number.MAX_SAFE_INTEGER);
/** Drawings are told apart by a number of 32 bits. */
export const MOST_DRAWINGS = 2 ** 32;

export const requestKeys = {
  category: z.string(),
  count: wholeNumber(0, MOST_DRAWINGS).optional(),
  seed: seedKey.optional(),
  ...settingKeys,
  ...followingKeys,
} satisfies KeysOf<DrawRequest>;

export const requestSchema = z.strictObject(requestKeys);

/** What a job has of any request. Throws a UserError for a category that was never learnt. */
export function askedFor(config: ModelConfig, request: DrawRequest) {
  const { category, count = 1, seed = 0, onProgress, onStep, signal } = request;
  labelOf(config, category);
  return { category, count, seed, onProgress, onStep, signal, settings: settingsOf(config, request) };
}
