import { batch, signal } from "@preact/signals";
import type { GeneratedSketch } from "cizgi/web";
import { draw, stopDrawing } from "./engine/engine.ts";
import type { Ask, Problem } from "./engine/protocol.ts";

/** One drawing on its way. */
export interface Cell {
  /** Step by step: how noisy it was, and what the network took it for. */
  readonly steps: readonly { readonly noisy: GeneratedSketch; readonly estimate: GeneratedSketch }[];
  readonly final?: GeneratedSketch;
}

/** The drawings that are shown, or being made. */
export interface Sheet {
  /** Counts the sheets: another one is drawn from its beginning. */
  readonly number: number;
  readonly cells: readonly Cell[];
  readonly running: boolean;
  /** Milliseconds, once it is done. */
  readonly took?: number;
  readonly failed?: Problem;
}

export const sheet = signal<Sheet>({ number: 0, cells: [], running: false });

/** An empty sheet. */
export function clear(): void {
  stopDrawing();
  sheet.value = { number: sheet.peek().number + 1, cells: [], running: false };
}

/** Ends what is being drawn; what is there of it stays. */
export function halt(): void {
  stopDrawing();
  sheet.value = { ...sheet.value, running: false };
}

/** Fills the sheet anew. What is on it stays until the first step of what comes. */
export function fill(ask: Ask): void {
  const number = sheet.value.number + 1;
  const put = (index: number, of: (cell: Cell) => Cell): void => {
    const cells = sheet.value.number === number ? [...sheet.value.cells] : [];
    cells[index] = of(cells[index] ?? { steps: [] });
    sheet.value = { number, cells, running: true };
  };
  sheet.value = { number: sheet.value.number, cells: sheet.value.cells, running: true };
  draw(ask, {
    onStep: ({ noisy, estimates }) =>
      batch(() => {
        for (const [i, estimate] of estimates.entries()) {
          const step = { noisy: noisy[i] ?? estimate, estimate };
          put(estimate.index, ({ steps }) => ({ steps: [...steps, step] }));
        }
      }),
    onDrawn: (final) => put(final.index, ({ steps }) => ({ steps, final })),
    onDone(took) {
      sheet.value = { ...sheet.value, running: false, took };
    },
    onFailed(failed) {
      sheet.value = { number, cells: [], running: false, failed };
    },
  });
}
