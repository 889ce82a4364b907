import { batch, computed, effect, signal } from "@preact/signals";
import { penStrokes } from "cizgi/web";
import { sheet } from "./sheet.ts";
import { view } from "./state.ts";

// One clock for all drawings of the sheet: first the steps of denoising, then the pen. Those of the families begin as
// they arrive; played again, all together.

/** Width and height of a drawing's sheet, in its own pixels. */
export const SIZE = 256;
/** Seconds that a step of denoising is shown for, and all of them at most. */
const STEP = 0.14;
const MOST = 2;
/** Seconds that a family is shown drawing. */
const MAKING = 4;

export const speeds = [0.5, 1, 2] as const;

/** Seconds since the first step. */
export const at = signal(0);
export const playing = signal(false);
export const speed = signal<(typeof speeds)[number]>(1);

/** The pen's strokes of each drawing that is there. */
const pens = computed(() => sheet.value.cells.map(({ final }) => (final ? penStrokes(final, SIZE) : [])));

/** Seconds of the clock at which the drawings of the families arrived; none where they begin together. */
const arrivals = signal<readonly number[]>([]);

/** How much of its making is shown of a family's drawing when the clock stands at `time`, 0 .. 1. */
export const shareAt = (time: number, index: number): number =>
  Math.min(Math.max((time - (arrivals.value[index] ?? 0)) / MAKING, 0), 1);

/** Seconds that a step and all of the denoising take, and when the last pen comes up. */
export const timeline = computed(() => {
  if (view.value === "ways") {
    const end = sheet.value.cells.length > 0 ? Math.max(0, ...arrivals.value) + MAKING : 0;
    return { step: 0, denoising: end, end };
  }
  const steps = Math.max(0, ...sheet.value.cells.map((cell) => cell.steps.length));
  const step = Math.min(STEP, MOST / Math.max(steps, 1));
  const denoising = steps * step;
  const ends = pens.value.map((strokes) => strokes.reduce((_, { from, takes }) => from + takes, 0));
  // The pen waits for the last drawing.
  return { step, denoising, end: sheet.value.running ? denoising : denoising + Math.max(0, ...ends) };
});

const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Plays, from the beginning if it has come to its end; or pauses. */
export function togglePlaying(): void {
  // A slider seldom stands exactly at its end.
  if (!playing.value && at.value >= timeline.value.end - 0.05) {
    arrivals.value = [];
    at.value = 0;
  }
  playing.value = !playing.value;
}

let last = 0;
function tick(now: number): void {
  if (!playing.value) return;
  const { end } = timeline.peek();
  // A tab that was in the background goes on where it was.
  const passed = Math.min((now - last) / 1000, 0.1);
  last = now;
  const { running } = sheet.peek();
  const time = at.value + passed * speed.value;
  // The next family's drawing begins when it arrives, whenever that is.
  at.value = running && view.peek() === "ways" ? time : Math.min(time, end);
  if (at.value >= end && !running) playing.value = false;
  else requestAnimationFrame(tick);
}

effect(() => {
  if (!playing.value) return;
  last = performance.now();
  requestAnimationFrame(tick);
});

let number = -1;
effect(() => {
  const { number: shown, cells } = sheet.value;
  if (shown !== number)
    batch(() => {
      number = shown;
      arrivals.value = [];
      at.value = 0;
      playing.value = !still.matches;
    });
  if (cells.length > arrivals.peek().length && sheet.value.running)
    arrivals.value = cells.map((_, i) => arrivals.peek()[i] ?? at.peek());
});

// Without motion there is what has been drawn, and time stands at its end.
effect(() => {
  const { end } = timeline.value;
  if (still.matches && !playing.peek()) at.value = end;
});
