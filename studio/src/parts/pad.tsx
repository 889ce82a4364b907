import { penStrokes, type Stroke } from "cizgi/web";
import { erases } from "../eraser.ts";
import { SIZE } from "../player.ts";
import { words } from "../words.ts";
import { type Point, usePen } from "./use-pen.ts";

const strokeOf = (points: readonly Point[]): Stroke => ({
  x: points.map(([x]) => x),
  y: points.map(([, y]) => y),
});

/** A sheet to draw on, and to take strokes away from, with mouse, finger, pen or keys. */
export function Pad({
  strokes,
  erasing,
  onBegin,
  onStroke,
  onErase,
}: {
  strokes: readonly Stroke[];
  erasing: boolean;
  onBegin: () => void;
  onStroke: (stroke: Stroke) => void;
  /** With the strokes that the eraser left. */
  onErase: (left: readonly Stroke[]) => void;
}) {
  const { points, keyed, handlers } = usePen(
    () => !erasing && onBegin(),
    (path) => {
      if (!erasing) return onStroke(strokeOf(path));
      const left = strokes.filter((stroke) => !erases(strokeOf(path), stroke));
      if (left.length < strokes.length) onErase(left);
    },
  );
  const { hint, pad } = words.value;
  const path = strokeOf(points);
  const shown = points.length > 0 && !erasing ? [...strokes, path] : strokes;
  const goes = (stroke: Stroke) => erasing && points.length > 0 && erases(path, stroke);
  return (
    <svg
      class={erasing ? "pad erasing" : "pad"}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="application"
      aria-label={pad}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys draw.
      tabIndex={0}
      {...handlers}
    >
      {shown.length === 0 && (
        <text x={SIZE / 2} y={SIZE / 2} text-anchor="middle" class="hint">
          {hint}
        </text>
      )}
      <g class="pen">
        {penStrokes({ strokes: shown }, SIZE).map(({ path: line }, i) => {
          const stroke = shown[i];
          return <path key={i} d={line} class={stroke && goes(stroke) ? "goes" : ""} />;
        })}
      </g>
      {keyed && <circle cx={keyed[0]} cy={keyed[1]} r="4" class="point" />}
    </svg>
  );
}
