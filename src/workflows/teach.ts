import { z } from "zod";
import { at } from "../base/at.ts";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { wholeNumber } from "../base/numbers.ts";
import { permutation, randomStream, streams } from "../base/random.ts";
import { plainName } from "../data/catalogue.ts";
import { ADAPTER_FORMAT, type Adapter, adapt, adapterOf, adaptingOf, hashOf } from "../families/adapter.ts";
import type { Model } from "../families/registry.ts";
import { seedKey } from "../families/request.ts";
import { loadModel } from "../node/model.ts";
import { type DeviceOptions, deviceKeys } from "../runtime/devices.ts";
import { sketchSchema } from "../sketch/schema.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { type TeachStep, trainInMemory } from "../training/teach.ts";
import { type Likeness, likenessOf } from "./likeness.ts";

/** A category to be taught. */
export interface TeachOptions extends DeviceOptions {
  /** A new one; or one that the model knows, which then learns these drawings' style. */
  readonly category: string;
  /** Of whatever size, at least 5 different ones; 20 and more do better. */
  readonly drawings: readonly Sketch[];
  /** The model that ships unless given; it stays as it is. */
  readonly model?: Model;
  /** What the adapter's file calls the model. */
  readonly modelName?: string;
  /** Of the low-rank parts: 4 unless given. */
  readonly rank?: number;
  /** Training steps: 200 unless given; whole twenties. */
  readonly steps?: number;
  /** 0 unless given. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** What teaching tells: every step, and in the end the adapter. */
export type TeachEvent =
  | TeachStep
  | { readonly kind: "taught"; readonly adapter: Adapter; readonly likeness: Likeness };

export const DEFAULT_RANK = 4;
export const DEFAULT_STEPS = 200;
/** Fewer say too little: one is held out, and the others are learnt by heart. */
const FEWEST = 5;
/** One of so many drawings is held out, at most `MOST_HELD_OUT`. */
const HELD_OUT_OF = 5;
const MOST_HELD_OUT = 40;
/** Little: what has weights of its own is recognised with less than what a shared network draws. */
const GUIDANCE = 1.25;

const schema = z.looseObject({
  category: z.string().min(1),
  drawings: z.array(sketchSchema),
  rank: wholeNumber(1).optional(),
  steps: wholeNumber(1).optional(),
  seed: seedKey.optional(),
  ...deviceKeys,
});

/**
 * Teaches a model a category from a few drawings: low-rank parts over its weights, which stay as they are, so that whatever
 * it knew it draws as before. In the end it draws, and measures how near that comes to the drawings that it was taught with.
 * @throws UserError for fewer than 5 different drawings, drawings that do not fit into the network and models that take no
 * adapters.
 */
export async function* teach(options: TeachOptions): AsyncGenerator<TeachEvent> {
  checked(schema, options, "teach");
  const {
    rank = DEFAULT_RANK,
    steps = DEFAULT_STEPS,
    seed = 0,
    device = "cpu",
    threads = 0,
    signal,
  } = options;
  const { model = await loadModel(), modelName = "the model that ships" } = options;
  const adapting = adaptingOf(model);
  const category = spelled(options.category, model.config.categories);
  const { train, heldOut } = split(options.drawings, seed);
  const lesson = adapting.lesson(model, { category, train, heldOut }, { rank, steps, seed });
  const { values, parameters, steps: done } = yield* trainInMemory(lesson, { device, threads, signal });
  const config = {
    adapter: ADAPTER_FORMAT,
    category,
    base: { name: modelName, sha256: await hashOf(model.weights) },
    rank,
    guidance: GUIDANCE,
    learnt: { ...lesson.learnt },
    taught: { drawings: train.length, heldOut: heldOut.length, steps: done, seed },
  };
  const taught = adapterOf(config, parameters, values);
  const likeness = await likenessOf(await adapt(model, taught), train, heldOut, { device, threads, signal });
  const measured = { novelty: likeness.ratio, copies: likeness.copies };
  yield { kind: "taught", adapter: { ...taught, config: { ...config, measured } }, likeness };
}

/** The model's own name of a category, however it is spelled. */
const spelled = (name: string, known: readonly string[]): string =>
  known.find((category) => plainName(category) === plainName(name)) ?? name;

/** Different drawings to learn from, and some to hold out, at random. */
function split(drawings: readonly Sketch[], seed: number) {
  const different = [...new Map(drawings.map((sketch) => [JSON.stringify(sketch.strokes), sketch])).values()];
  if (different.length < FEWEST)
    throw new UserError(
      `${different.length} drawing${different.length === 1 ? " is" : "s are"} too few to teach, expected at least ${FEWEST} different ones; 20 and more do better.`,
    );
  const order = permutation(different.length, randomStream(seed, streams.order));
  const shuffled = Array.from(order, (place) => at(different, place));
  const count = Math.min(Math.max(1, Math.round(different.length / HELD_OUT_OF)), MOST_HELD_OUT);
  return { train: shuffled.slice(count), heldOut: shuffled.slice(0, count) };
}
