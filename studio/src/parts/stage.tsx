import type { GeneratedSketch } from "cizgi/web";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { sheet } from "../sheet.ts";
import { nameOf, words } from "../words.ts";
import { Drawing } from "./drawing.tsx";

const GAP = 12;

/** How many columns make the cells of a stage largest, to the pixel; of several those that leave the fewest places free. */
function columnsFor(count: number, width: number, height: number): number {
  const choices = Array.from({ length: count }, (_, i) => {
    const columns = i + 1;
    const rows = Math.ceil(count / columns);
    const side = Math.min((width + GAP) / columns, (height + GAP) / rows) - GAP;
    return { columns, side: Math.floor(side), free: columns * rows - count };
  });
  choices.sort((a, b) => b.side - a.side || a.free - b.free || b.columns - a.columns);
  return choices[0]?.columns ?? 1;
}

export interface StageProps {
  /** Drawings that are expected. */
  readonly count: number;
  readonly category: (index: number) => string;
  /** What a click does to one. */
  readonly onPick?: (index: number) => void;
  readonly picked?: number | undefined;
  /** What a screen reader says that a click does. */
  readonly action?: string;
  readonly given?: number;
  /** What was drawn before, to be seen until something is drawn. */
  readonly stored?: readonly GeneratedSketch[];
  /** What one can do with a drawing, shown on it where the pointer or the focus is, and on the one that is picked. */
  readonly actions?: (index: number) => ComponentChildren;
  /** Where the page scrolls: all of them side by side. */
  readonly inRow?: boolean;
  /** Where the visitor's eyes are: below the pointer, or at the focus. */
  readonly onLook?: (index: number) => void;
}

/** The drawings of the sheet, as large as there is room. */
export function Stage({
  count,
  category,
  onPick,
  picked,
  action,
  given,
  stored = [],
  actions,
  inRow,
  onLook,
}: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(Math.ceil(Math.sqrt(count)));
  useLayoutEffect(() => {
    const element = stage.current;
    if (element === null) return;
    // Where the page scrolls the height follows from the columns: a square is what there is room for.
    const measure = () => {
      const { clientWidth, clientHeight } = element;
      const scrolls = getComputedStyle(element).aspectRatio !== "auto";
      setColumns(
        scrolls && inRow ? count : columnsFor(count, clientWidth, scrolls ? clientWidth : clientHeight),
      );
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [count, inRow]);

  const { cells, running } = sheet.value;
  return (
    <div
      ref={stage}
      class="stage"
      aria-busy={running}
      style={{ "--columns": columns, "--rows": Math.ceil(count / columns) }}
    >
      <ul class="cells">
        {Array.from({ length: count }, (_, index) => {
          const cell = cells[index] ?? { steps: [] };
          const before = cells.length === 0 ? stored[index] : undefined;
          const label = `${nameOf(category(index))}, ${words.value.number(index + 1, count)}`;
          return (
            <li key={index}>
              <button
                type="button"
                class={cell.steps.length > 0 || cell.final ? "card" : "card blank"}
                aria-label={action ? `${label}: ${action}` : label}
                aria-pressed={picked === undefined && !onPick ? undefined : picked === index}
                disabled={!onPick || cell.final === undefined}
                onClick={() => onPick?.(index)}
                onPointerEnter={() => onLook?.(index)}
                onFocus={() => onLook?.(index)}
              >
                {before ? (
                  <Drawing cell={{ steps: [], final: before }} given={before.strokes.length} />
                ) : (
                  <Drawing cell={cell} given={given ?? 0} />
                )}
              </button>
              {actions && cell.final && <div class="actions">{actions(index)}</div>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
