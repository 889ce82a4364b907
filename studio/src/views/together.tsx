import { type Stroke, simplify } from "cizgi/web";
import { CategoryField } from "../parts/category-field.tsx";
import { Controls } from "../parts/fields.tsx";
import { Pad } from "../parts/pad.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { Stage } from "../parts/stage.tsx";
import { TakeAway } from "../parts/take-away.tsx";
import { clear, sheet } from "../sheet.ts";
import { settings, together } from "../state.ts";
import { roundStrokes } from "../strokes-text.ts";
import { useFill } from "../use-fill.ts";
import { nameOf, words } from "../words.ts";

const SUGGESTIONS = 4;
/** Milliseconds that a hand takes to begin the next stroke. */
const HAND = 350;
/** How far the pad's strokes are from what the hand did, in pixels of 256: nobody sees it, and links stay short. */
const EPSILON = 0.4;

/** The visitor begins, the model goes on. */
export function TogetherView() {
  const { category, seed, strokes } = together.value;
  const change = (changed: Partial<typeof together.value>) => {
    together.value = { ...together.value, ...changed };
  };
  const add = (stroke: Stroke) =>
    change({ strokes: [...strokes, ...roundStrokes(simplify({ strokes: [stroke] }, EPSILON).strokes)] });
  const keep = (kept: readonly Stroke[]) => {
    clear();
    change({ strokes: kept });
  };
  const begun = strokes.length > 0;
  useFill(
    begun
      ? { way: "complete", request: { strokes, category, seed, count: SUGGESTIONS, ...settings.value } }
      : undefined,
    HAND,
  );
  const { undo, clear: clearWord, others, suggestions, take, full } = words.value;
  return (
    <>
      <Controls>
        <CategoryField category={category} onChoose={(chosen) => change({ category: chosen })} />
        <span class="buttons">
          <button type="button" class="main" disabled={!begun} onClick={() => change({ seed: seed + 1 })}>
            {others}
          </button>
          <button type="button" class="quiet" disabled={!begun} onClick={() => keep(strokes.slice(0, -1))}>
            {undo}
          </button>
          <button type="button" class="quiet" disabled={!begun} onClick={() => keep([])}>
            {clearWord}
          </button>
        </span>
      </Controls>
      <div class="pair">
        <Pad strokes={strokes} onBegin={clear} onStroke={add} />
        <section class="side" aria-label={suggestions}>
          <p class="caption">{sheet.value.failed ? full : suggestions}</p>
          <Stage
            count={SUGGESTIONS}
            category={() => category}
            given={strokes.length}
            action={take}
            onPick={(index) => {
              const chosen = sheet.value.cells[index]?.final;
              if (chosen) keep(roundStrokes(chosen.strokes));
            }}
          />
        </section>
      </div>
      <div class="below">
        <PlayerBar />
        <TakeAway
          sketches={begun ? [{ strokes, word: category, seed, index: 0 }] : []}
          title={nameOf(category)}
        />
      </div>
    </>
  );
}
