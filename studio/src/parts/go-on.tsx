import type { GeneratedSketch } from "cizgi/web";
import { can } from "../can.ts";
import { between, drawn, together, varied, view } from "../state.ts";
import { roundStrokes } from "../strokes-text.ts";
import { words } from "../words.ts";

/** Where one can go from one of the drawings. */
export function GoOn({ sketch }: { sketch: GeneratedSketch }) {
  const { category, seed } = drawn.value;
  const strokes = roundStrokes(sketch.strokes);
  const toVary = () => {
    varied.value = { ...varied.value, category, strokes };
    view.value = "vary";
  };
  const toDraw = () => {
    together.value = { ...together.value, category, strokes: strokes.slice(0, 1) };
    view.value = "together";
  };
  const toAnother = () => {
    between.value = { ...between.value, from: { category, seed, index: sketch.index } };
    view.value = "between";
  };
  const { vary, goOn, toAnother: toAnotherWord } = words.value;
  return (
    <div class="take">
      {can("vary") && (
        <button type="button" class="quiet" onClick={toVary}>
          {vary}
        </button>
      )}
      {can("together") && (
        <button type="button" class="quiet" onClick={toDraw}>
          {goOn}
        </button>
      )}
      {can("between") && (
        <button type="button" class="quiet" onClick={toAnother}>
          {toAnotherWord}
        </button>
      )}
    </div>
  );
}
