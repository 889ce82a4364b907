import { effect } from "@preact/signals";
import { penStrokes, type Sketch, type Stroke } from "cizgi/web";
import { useEffect, useRef } from "preact/hooks";
import { at, SIZE, timeline } from "../player.ts";
import type { Cell } from "../sheet.ts";

const pathOf = (strokes: readonly Stroke[]): string =>
  penStrokes({ strokes }, SIZE)
    .map(({ path }) => path)
    .join("");

/**
 * A drawing at the player's time: the noisy one in pencil and what the network takes it for, then the pen.
 * @param given strokes at its beginning that the visitor drew: they are there all the time.
 */
export function Drawing({ cell, given = 0 }: { cell: Cell; given?: number }) {
  const { steps, final } = cell;
  const pencil = useRef<SVGPathElement>(null);
  const idea = useRef<SVGPathElement>(null);
  const pen = useRef<SVGGElement>(null);
  const inked = final?.strokes ?? steps[0]?.estimate.strokes.slice(0, given) ?? [];
  const strokes = penStrokes({ strokes: inked }, SIZE);

  useEffect(() => {
    const ink = [...(pen.current?.children ?? [])] as SVGPathElement[];
    // The visitor's strokes have been drawn before.
    const lead = strokes[given]?.from ?? 0;
    let shown: Cell["steps"][number] | Sketch | "nothing" | undefined;
    const sketch = (wanted: NonNullable<typeof shown>) => {
      if (wanted === shown) return;
      shown = wanted;
      const [before, thought] =
        wanted === "nothing" ? [] : "noisy" in wanted ? [wanted.noisy, wanted.estimate] : [wanted];
      pencil.current?.setAttribute("d", before ? pathOf(before.strokes.slice(given)) : "");
      idea.current?.setAttribute("d", thought ? pathOf(thought.strokes.slice(given)) : "");
    };
    return effect(() => {
      const { step, denoising } = timeline.value;
      const now = at.value;
      const drawing = final !== undefined && now >= denoising;
      const place = Math.min(Math.floor(now / step), steps.length - 1);
      sketch(drawing ? final : (steps[place] ?? "nothing"));
      for (const [i, path] of ink.entries()) {
        const stroke = strokes[i];
        if (stroke === undefined) continue;
        const { from, takes } = stroke;
        const share = i < given ? 1 : drawing ? (now - denoising - from + lead) / takes : 0;
        path.style.visibility = share > 0 ? "visible" : "hidden";
        path.style.strokeDashoffset = String(1 - Math.min(Math.max(share, 0), 1));
      }
    });
  }, [cell]);

  return (
    <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true">
      <path ref={pencil} class="pencil" />
      <path ref={idea} class="idea" />
      <g ref={pen} class="pen">
        {strokes.map(({ path }, i) => (
          <path key={i} d={path} pathLength="1" class={i < given ? "given" : ""} />
        ))}
      </g>
    </svg>
  );
}
