import type { Stroke } from "../sketch/sketch.ts";
import { decimal } from "./markup.ts";
import { LONGEST, PAUSE, SPEED } from "./replay.ts";

/** Of what is drawn stroke by stroke; beside other SVGs in one page their styles hold for each other. */
export const DRAWN = "cizgi-drawn";

/** What every stroke does: it is not there, then its line grows from its start. Who wants less motion sees it whole. */
export const DRAWING_STYLE = `<style>
.${DRAWN} path { stroke-dasharray: 1; animation: ${DRAWN} linear backwards; }
@keyframes ${DRAWN} { from { stroke-dashoffset: 1; opacity: 0; } 1% { opacity: 1; } }
@media (prefers-reduced-motion: reduce) { .${DRAWN} path { animation: none; } }
</style>`;

/** Attributes of the paths of strokes by which they are drawn one after the other, at the speed of a replay. */
export function drawnInTurn(strokes: readonly Stroke[], size: number): string[] {
  const lengths = strokes.map(({ x, y }) =>
    x.reduce(
      (sum, value, i) => sum + Math.hypot(value - (x[i - 1] ?? value), (y[i] ?? 0) - (y[i - 1] ?? y[i] ?? 0)),
      0,
    ),
  );
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const pace = Math.min(1000 / (SPEED * size), LONGEST / Math.max(total, Number.MIN_VALUE));
  let from = PAUSE;
  return lengths.map((length) => {
    const time = Math.max(1, length * pace);
    const seconds = (ms: number) => `${decimal(Math.round(ms) / 1000)}s`;
    const attributes = ` pathLength="1" style="animation-duration:${seconds(time)};animation-delay:${seconds(from)}"`;
    from += time + PAUSE;
    return attributes;
  });
}
