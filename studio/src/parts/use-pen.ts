import { useSignal } from "@preact/signals";
import { SIZE } from "../player.ts";

export type Point = readonly [number, number];

/** How far an arrow key takes the pen, in pixels of 256; with the shift key the small way. */
const WAY = 8;
const SMALL_WAY = 2;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const pointOf = (event: PointerEvent, sheet: Element): Point => {
  const { left, top, width } = sheet.getBoundingClientRect();
  return [((event.clientX - left) / width) * SIZE, ((event.clientY - top) / width) * SIZE];
};

/**
 * A pen in a hand, or led by arrow keys and the space bar.
 * @param onDown is told that it comes down; `onUp` where it was until it came up.
 */
export function usePen(onDown: () => void, onUp: (points: readonly Point[]) => void) {
  const current = useSignal<readonly Point[]>([]);
  /** Where the keys have the pen; nowhere while it is in a hand. */
  const keyed = useSignal<Point | undefined>(undefined);
  /** The pointer that draws: a second finger or the palm does not. */
  const hand = useSignal<number | undefined>(undefined);

  const begin = (point: Point) => {
    current.value = [point];
    onDown();
  };
  const end = () => {
    const points = current.value;
    current.value = [];
    hand.value = undefined;
    if (points.length > 0) onUp(points);
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

  return {
    /** Where it has been since it came down. */
    points: current.value,
    keyed: keyed.value,
    handlers: {
      onKeyDown(event: KeyboardEvent) {
        if (press(event.key, event.shiftKey)) event.preventDefault();
      },
      onBlur() {
        if (keyed.value) end();
        keyed.value = undefined;
      },
      onPointerDown(event: preact.TargetedPointerEvent<SVGSVGElement>) {
        if (event.button !== 0 || hand.value !== undefined) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (current.value.length > 0) end();
        keyed.value = undefined;
        hand.value = event.pointerId;
        begin(pointOf(event, event.currentTarget));
      },
      onPointerMove(event: preact.TargetedPointerEvent<SVGSVGElement>) {
        if (event.pointerId !== hand.value) return;
        // Hands are faster than pictures: where the browser tells, a move has all points since the last one.
        const moves = event.getCoalescedEvents?.() ?? [];
        const points = (moves.length > 0 ? moves : [event]).map((move) => pointOf(move, event.currentTarget));
        current.value = [...current.value, ...points];
      },
      onPointerUp: lift,
      onPointerCancel: lift,
      onLostPointerCapture: lift,
    },
  };
}
