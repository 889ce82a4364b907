import { effect } from "@preact/signals";
import { type PenStroke, penStrokes } from "cizgi/web";
import { useEffect, useRef } from "preact/hooks";
import { at, SIZE, timeline } from "../player.ts";
import type { Cell } from "../sheet.ts";

const whole = (strokes: readonly PenStroke[]): string => strokes.map(({ path }) => path).join("");

/**
 * A drawing at the player's time: what the network takes it for, in pencil, which the pen then goes over in ink.
 * @param given strokes at its beginning that the visitor drew: they are there all the time.
 */
export function Drawing({ cell, given = 0 }: { cell: Cell; given?: number }) {
  const { estimates, final } = cell;
  const pencil = useRef<SVGPathElement>(null);
  const pen = useRef<SVGGElement>(null);
  const strokes = final ? penStrokes(final, SIZE) : [];
  // The visitor's strokes have been drawn before.
  const lead = strokes[given]?.from ?? 0;

  useEffect(() => {
    const paths = estimates.map((estimate) => whole(penStrokes(estimate, SIZE)));
    const ink = [...(pen.current?.children ?? [])] as SVGPathElement[];
    return effect(() => {
      const { step, denoising } = timeline.value;
      const now = at.value;
      const drawing = final !== undefined && now >= denoising;
      const estimate = Math.min(Math.floor(now / step), paths.length - 1);
      pencil.current?.setAttribute("d", drawing ? whole(strokes) : (paths[estimate] ?? ""));
      for (const [i, path] of ink.entries()) {
        const { from, takes } = strokes[i];
        const share = i < given ? 1 : drawing ? (now - denoising - from + lead) / takes : 0;
        path.style.visibility = share > 0 ? "visible" : "hidden";
        path.style.strokeDashoffset = String(1 - Math.min(Math.max(share, 0), 1));
      }
    });
  }, [cell]);

  return (
    <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <path ref={pencil} class="pencil" />
      <g ref={pen} class="pen">
        {strokes.map(({ path }, i) => (
          <path key={i} d={path} pathLength="1" class={i < given ? "given" : ""} />
        ))}
      </g>
    </svg>
  );
}
