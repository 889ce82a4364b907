import type { GeneratedSketch } from "cizgi/web";
import { can } from "../can.ts";
import { between, drawn, together, varied, view } from "../state.ts";
import { roundStrokes } from "../strokes-text.ts";
import { words } from "../words.ts";
import { IconButton } from "./icon-button.tsx";

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
    <>
      {can("vary") && (
        <IconButton name={vary} icon="M4 16c4-12 12 4 16-8M4 20c4-12 12 4 16-8" onClick={toVary} />
      )}
      {can("together") && <IconButton name={goOn} icon="M4 20l1-4L16 5l3 3L8 19z" onClick={toDraw} />}
      {can("between") && <IconButton name={toAnotherWord} icon="M4 12h15M14 7l5 5-5 5" onClick={toAnother} />}
    </>
  );
}
