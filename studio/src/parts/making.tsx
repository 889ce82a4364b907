import { computed, effect } from "@preact/signals";
import { type FamilyName, penStrokes, type Sketch, type Stroke } from "cizgi/web";
import { useEffect, useRef } from "preact/hooks";
import { makingOf } from "../families.ts";
import { at, SIZE, shareAt } from "../player.ts";
import type { Cell } from "../sheet.ts";

/** What is to be seen of a drawing at one moment. */
interface Shown {
  /** Noisy, in pencil; what the network takes that for; what is settled, in ink. */
  readonly pencil?: readonly Stroke[];
  readonly idea?: readonly Stroke[];
  readonly ink?: readonly Stroke[];
  /** Whether a pen stands at the end of the ink. */
  readonly drawing?: boolean;
}

/** The first points of a drawing, in the order they were drawn. */
function firstPoints({ strokes }: Sketch, count: number): Stroke[] {
  let left = count;
  return strokes.flatMap(({ x, y }) => {
    const taken = Math.max(0, Math.min(left, x.length));
    left -= x.length;
    return taken > 0 ? [{ x: x.slice(0, taken), y: y.slice(0, taken) }] : [];
  });
}

/** How many moments there are of a drawing, as far as it is, before the final one. */
const momentsOf = ({ steps, final }: Cell, family: FamilyName): number =>
  final && makingOf(family) === "points"
    ? final.strokes.reduce((sum, { x }) => sum + x.length, 0)
    : steps.length;

function shownAt({ steps, final }: Cell, family: FamilyName, moment: number): Shown {
  if (final && moment === momentsOf({ steps, final }, family)) return { ink: final.strokes };
  // Its place on the sheet is known only at the end.
  if (final && makingOf(family) === "points") return { ink: firstPoints(final, moment + 1), drawing: true };
  const step = steps[Math.min(moment, steps.length - 1)];
  if (step === undefined) return {};
  const { noisy, estimate } = step;
  switch (makingOf(family)) {
    case "whole":
      return { pencil: noisy.strokes, idea: estimate.strokes };
    case "strokes":
      return {
        ink: estimate.strokes.slice(0, -1),
        pencil: noisy.strokes.slice(-1),
        idea: estimate.strokes.slice(-1),
      };
    case "points":
      return { ink: estimate.strokes, drawing: true };
  }
}

const pathOf = (strokes: readonly Stroke[] = []): string =>
  penStrokes({ strokes }, SIZE)
    .map(({ path }) => path)
    .join("");

/** A family's drawing while it is made, at the player's time. */
export function Making({ family, index, cell }: { family: FamilyName; index: number; cell: Cell }) {
  const pencil = useRef<SVGPathElement>(null);
  const idea = useRef<SVGPathElement>(null);
  const ink = useRef<SVGPathElement>(null);
  const point = useRef<SVGCircleElement>(null);
  useEffect(() => {
    const moments = momentsOf(cell, family);
    const moment = computed(() => Math.floor(shareAt(at.value, index) * moments));
    return effect(() => {
      const shown = shownAt(cell, family, moment.value);
      pencil.current?.setAttribute("d", pathOf(shown.pencil));
      idea.current?.setAttribute("d", pathOf(shown.idea));
      ink.current?.setAttribute("d", pathOf(shown.ink));
      const { x = [], y = [] } = (shown.drawing && shown.ink?.at(-1)) || {};
      point.current?.setAttribute("visibility", x.length > 0 ? "visible" : "hidden");
      point.current?.setAttribute("cx", String(x.at(-1) ?? 0));
      point.current?.setAttribute("cy", String(y.at(-1) ?? 0));
    });
  }, [cell, family, index]);
  return (
    <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <path ref={pencil} class="pencil" />
      <path ref={idea} class="idea" />
      <path ref={ink} class="ink" />
      <circle ref={point} class="point" r="5" visibility="hidden" />
    </svg>
  );
}
