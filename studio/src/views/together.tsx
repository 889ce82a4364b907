import { useComputed, useSignal } from "@preact/signals";
import { simplify } from "cizgi/web";
import { change } from "../pad-history.ts";
import { CategoryField } from "../parts/category-field.tsx";
import { Drawing } from "../parts/drawing.tsx";
import { Controls } from "../parts/fields.tsx";
import { Pad } from "../parts/pad.tsx";
import { PadTools } from "../parts/pad-tools.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { SeedField } from "../parts/seed-field.tsx";
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

/** Which of the ways to go on. */
export const TogetherFields = () => (
  <SeedField
    seed={together.value.seed}
    onChange={(seed) => {
      together.value = { ...together.value, seed };
    }}
  />
);

/** The visitor begins, the model goes on. */
export function TogetherView() {
  const { category, seed, strokes } = together.value;
  const erasing = useSignal(false);
  /** The suggestion that is shown on the pad. */
  const looked = useSignal(0);
  const ghost = useComputed(() => sheet.value.cells[looked.value]);
  const begun = strokes.length > 0;
  useFill(
    begun
      ? { way: "complete", request: { strokes, category, seed, count: SUGGESTIONS, ...settings.value } }
      : undefined,
    HAND,
  );
  const { others, suggestions, take, full } = words.value;
  return (
    <>
      <Controls>
        <CategoryField
          category={category}
          onChoose={(chosen) => {
            together.value = { ...together.value, category: chosen };
          }}
        />
        <button
          type="button"
          class="main"
          disabled={!begun}
          onClick={() => {
            together.value = { ...together.value, seed: seed + 1 };
          }}
        >
          {others}
        </button>
        <PadTools erasing={erasing} />
      </Controls>
      <div class="pair with-pad">
        <div class="paper card">
          {ghost.value && (
            <div class="ghost">
              <Drawing cell={ghost.value} given={strokes.length} />
            </div>
          )}
          <Pad
            strokes={strokes}
            erasing={erasing.value}
            onBegin={clear}
            onStroke={(stroke) =>
              change([...strokes, ...roundStrokes(simplify({ strokes: [stroke] }, EPSILON).strokes)])
            }
            onErase={change}
          />
        </div>
        <section class="side" aria-label={suggestions}>
          <p class="caption">{sheet.value.failed ? full : suggestions}</p>
          <Stage
            count={SUGGESTIONS}
            category={() => category}
            given={strokes.length}
            action={take}
            inRow
            onLook={(index) => {
              looked.value = index;
            }}
            onPick={(index) => {
              const chosen = sheet.value.cells[index]?.final;
              if (chosen) change(roundStrokes(chosen.strokes));
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
