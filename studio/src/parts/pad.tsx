import { useSignal } from "@preact/signals";
import { penStrokes, type Stroke } from "cizgi/web";
import { SIZE } from "../player.ts";
import { words } from "../words.ts";

/** A sheet to draw on with mouse, finger or pen. */
export function Pad({
  strokes,
  onBegin,
  onStroke,
}: {
  strokes: readonly Stroke[];
  onBegin: () => void;
  onStroke: (stroke: Stroke) => void;
}) {
  const current = useSignal<{ x: number[]; y: number[] } | undefined>(undefined);
  const pointOf = (event: PointerEvent, pad: Element): [number, number] => {
    const { left, top, width } = pad.getBoundingClientRect();
    return [((event.clientX - left) / width) * SIZE, ((event.clientY - top) / width) * SIZE];
  };
  const end = () => {
    const stroke = current.value;
    current.value = undefined;
    if (stroke) onStroke(stroke);
  };
  const shown = current.value ? [...strokes, current.value] : strokes;
  return (
    <svg
      class="pad card"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={words.value.pad}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const [x, y] = pointOf(event, event.currentTarget);
        current.value = { x: [x], y: [y] };
        onBegin();
      }}
      onPointerMove={(event) => {
        const stroke = current.value;
        if (stroke === undefined) return;
        // Hands are faster than pictures: a move has all points since the last one.
        const points = event.getCoalescedEvents().map((each) => pointOf(each, event.currentTarget));
        current.value = {
          x: [...stroke.x, ...points.map(([x]) => x)],
          y: [...stroke.y, ...points.map(([, y]) => y)],
        };
      }}
      onPointerUp={end}
      onPointerCancel={end}
    >
      {shown.length === 0 && (
        <text x={SIZE / 2} y={SIZE / 2} text-anchor="middle" class="hint">
          {words.value.hint}
        </text>
      )}
      <g class="pen">
        {penStrokes({ strokes: shown }, SIZE).map(({ path }, i) => (
          <path key={i} d={path} />
        ))}
      </g>
    </svg>
  );
}
