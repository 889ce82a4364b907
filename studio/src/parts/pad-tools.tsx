import type { Signal } from "@preact/signals";
import { prefixOf } from "cizgi/web";
import { useEffect } from "preact/hooks";
import { engineState } from "../engine/engine.ts";
import { canRedo, canUndo, change, redo, undo } from "../pad-history.ts";
import { together } from "../state.ts";
import { words } from "../words.ts";
import { IconButton } from "./icon-button.tsx";

/** What an editor's keys do to the pad, unless one writes. */
function onKeyDown(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target instanceof HTMLInputElement) return;
  const key = event.key.toLowerCase();
  if (key === "z") event.shiftKey ? redo() : undo();
  else if (key === "y") redo();
  else return;
  event.preventDefault();
}

/** Pen, eraser, undo, redo, a new sheet, and how much room there is left. */
export function PadTools({ erasing }: { erasing: Signal<boolean> }) {
  useEffect(() => {
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  const { tools, penTool, eraser, undo: undoWord, redo: redoWord, clear } = words.value;
  const empty = together.value.strokes.length === 0;
  const choose = (chosen: boolean) => () => {
    erasing.value = chosen;
  };
  return (
    <fieldset class="tools" aria-label={tools}>
      <IconButton
        name={penTool}
        icon="M4 20l1-4L16 5l3 3L8 19z"
        pressed={!erasing.value}
        onClick={choose(false)}
      />
      <IconButton
        name={eraser}
        icon="M9 19h11M5 14l8-8 6 6-7 7H8l-3-3z"
        pressed={erasing.value}
        onClick={choose(true)}
      />
      <IconButton
        name={undoWord}
        icon="M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-3"
        disabled={!canUndo.value}
        onClick={undo}
      />
      <IconButton
        name={redoWord}
        icon="M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h3"
        disabled={!canRedo.value}
        onClick={redo}
      />
      <IconButton
        name={clear}
        icon="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"
        disabled={empty}
        onClick={() => change([])}
      />
      <Room />
    </fieldset>
  );
}

/** How many points the strokes take of those that the model goes on from. */
function Room() {
  const state = engineState.value;
  const prefix = state.is === "ready" ? state.model.prefix : undefined;
  if (prefix === undefined) return null;
  const { points, most } = prefixOf(together.value, prefix);
  return (
    <label class={points > most ? "room over" : "room"}>
      <span>{words.value.room(points, most)}</span>
      <meter min={0} max={most} value={Math.min(points, most)} />
    </label>
  );
}
