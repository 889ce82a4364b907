import { categories, families } from "virtual:model";
import { signal } from "@preact/signals";
import type { DrawSettings, Stroke } from "cizgi/web";

// What the visitor chose. It is all in the link, so that a link shows what they saw.

export const views = ["draw", "together", "vary", "between", "ways"] as const;
export type View = (typeof views)[number];

/** A drawing by the model, as it can be drawn again. */
export interface Named {
  readonly category: string;
  readonly seed: number;
  readonly index: number;
}

export const MOST_DRAWINGS = 16;
export const MOST_SEED = 2 ** 31 - 1;
export const MOST_STEPS = 50;
export const MOST_GUIDANCE = 6;
export const LEAST_TEMPERATURE = 0.1;
export const MOST_TEMPERATURE = 1.5;
/** Of all strokes in a link; a sheet has room for some fifty. */
export const MOST_LINK_POINTS = 2000;

/** A category to begin with; where the model has not learnt it, its first one. */
const first = (category: string, among = categories): string =>
  (among.includes(category) ? category : among[0]) ?? category;

export const view = signal<View>("draw");
/** Where the model is told more than it would choose itself. */
export const settings = signal<Partial<Omit<DrawSettings, "eta">>>({});
export const drawn = signal({ category: first("snail"), count: 6, seed: 0 });
/** The strokes on the pad, and from which seed the model goes on. */
export const together = signal<{ category: string; seed: number; strokes: readonly Stroke[] }>({
  category: first("face"),
  seed: 1,
  strokes: [],
});
/** Undefined strokes: a drawing from the seed. */
export const varied = signal<{
  category: string;
  seed: number;
  strength: number;
  strokes: readonly Stroke[];
}>({
  category: first("sailboat"),
  seed: 1,
  strength: 0.5,
  strokes: [],
});
export const between = signal<{ from: Named; to: Named; count: number }>({
  from: { category: first("apple"), seed: 1, index: 0 },
  to: { category: first("face"), seed: 1, index: 0 },
  count: 8,
});
export const eight = signal({ category: first("cat", families?.categories), seed: 1 });
