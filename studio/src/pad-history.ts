import { batch, computed, signal } from "@preact/signals";
import type { Stroke } from "cizgi/web";
import { clear } from "./sheet.ts";
import { together } from "./state.ts";

// What the visitor did on the pad, to go back and forth in.

type Strokes = readonly Stroke[];

const past = signal<readonly Strokes[]>([]);
const future = signal<readonly Strokes[]>([]);

/** What the pad held before; of strokes that came with a link, all but the last. */
const before = computed(() => {
  const { strokes } = together.value;
  return past.value.at(-1) ?? (strokes.length > 0 ? strokes.slice(0, -1) : undefined);
});
export const canUndo = computed(() => before.value !== undefined);
export const canRedo = computed(() => future.value.length > 0);

function put(strokes: Strokes): void {
  clear();
  together.value = { ...together.peek(), strokes };
}

/** Changes the strokes on the pad, so that it can be undone. */
export function change(strokes: Strokes): void {
  batch(() => {
    past.value = [...past.value, together.peek().strokes];
    future.value = [];
    put(strokes);
  });
}

export function undo(): void {
  const strokes = before.value;
  if (strokes === undefined) return;
  batch(() => {
    future.value = [...future.value, together.peek().strokes];
    past.value = past.value.slice(0, -1);
    put(strokes);
  });
}

export function redo(): void {
  const strokes = future.value.at(-1);
  if (strokes === undefined) return;
  batch(() => {
    past.value = [...past.value, together.peek().strokes];
    future.value = future.value.slice(0, -1);
    put(strokes);
  });
}
