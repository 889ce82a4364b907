import { useSignal } from "@preact/signals";
import { penStrokes, type Stroke } from "cizgi/web";
import { SIZE } from "../player.ts";
import { words } from "../words.ts";

type Point = readonly [number, number];

/** How far an arrow key takes the pen, in pixels of 256; with the shift key the small way. */
const WAY = 8;
const SMALL_WAY = 2;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A sheet to draw on with mouse, finger or pen, or with arrow keys and the space bar. */
export function Pad({
  strokes,
  onBegin,
  onStroke,
}: {
  strokes: readonly Stroke[];
  onBegin: () => void;
  onStroke: (stroke: Stroke) => void;
}) {
  const current = useSignal<readonly Point[]>([]);
  /** Where the keys have the pen; nowhere while it is in a hand. */
  const keyed = useSignal<Point | undefined>(undefined);
  /** The pointer that draws: a second finger or the palm does not. */
  const hand = useSignal<number | undefined>(undefined);
  const { hint, pad } = words.value;

  const pointOf = (event: PointerEvent, sheet: Element): Point => {
    const { left, top, width } = sheet.getBoundingClientRect();
    return [((event.clientX - left) / width) * SIZE, ((event.clientY - top) / width) * SIZE];
  };
  const begin = (point: Point) => {
    current.value = [point];
    onBegin();
  };
  const end = () => {
    const [stroke] = strokesOf(current.value);
    current.value = [];
    hand.value = undefined;
    if (stroke) onStroke(stroke);
  };
  const lift = ({ pointerId }: PointerEvent) => {
    if (pointerId === hand.value) end();
  };
  const press = (key: string, small: boolean): boolean => {
    const [x, y] = keyed.value ?? [SIZE / 2, SIZE / 2];
    const arrow = ARROWS[key];
    if (arrow) {
      const [wayX, wayY] = arrow;
      const way = small ? SMALL_WAY : WAY;
      const inside = (value: number) => Math.min(Math.max(value, 0), SIZE);
      keyed.value = [inside(x + way * wayX), inside(y + way * wayY)];
      if (current.value.length > 0) current.value = [...current.value, keyed.value];
    } else if (key === " ") {
      keyed.value = [x, y];
      if (current.value.length > 0) end();
      else begin([x, y]);
    }
    return arrow !== undefined || key === " ";
  };

  const shown = [...strokes, ...strokesOf(current.value)];
  return (
    <svg
      class="pad card"
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="application"
      aria-label={pad}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys draw.
      tabIndex={0}
      onKeyDown={(event) => {
        if (press(event.key, event.shiftKey)) event.preventDefault();
      }}
      onBlur={() => {
        if (keyed.value) end();
        keyed.value = undefined;
      }}
      onPointerDown={(event) => {
        if (event.button !== 0 || hand.value !== undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (current.value.length > 0) end();
        keyed.value = undefined;
        hand.value = event.pointerId;
        begin(pointOf(event, event.currentTarget));
      }}
      onPointerMove={(event) => {
        if (event.pointerId !== hand.value) return;
        // Hands are faster than pictures: where the browser tells, a move has all points since the last one.
        const moves = event.getCoalescedEvents?.() ?? [];
        const points = (moves.length > 0 ? moves : [event]).map((move) => pointOf(move, event.currentTarget));
        current.value = [...current.value, ...points];
      }}
      onPointerUp={lift}
      onPointerCancel={lift}
      onLostPointerCapture={lift}
    >
      {shown.length === 0 && (
        <text x={SIZE / 2} y={SIZE / 2} text-anchor="middle" class="hint">
          {hint}
        </text>
      )}
      <g class="pen">
        {penStrokes({ strokes: shown }, SIZE).map(({ path }, i) => (
          <path key={i} d={path} />
        ))}
      </g>
      {keyed.value && <circle cx={keyed.value[0]} cy={keyed.value[1]} r="4" class="point" />}
    </svg>
  );
}

/** The points as a stroke, if there are any. */
const strokesOf = (points: readonly Point[]): Stroke[] =>
  points.length > 0 ? [{ x: points.map(([x]) => x), y: points.map(([, y]) => y) }] : [];
