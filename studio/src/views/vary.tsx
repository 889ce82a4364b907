import { useEffect } from "preact/hooks";
import { CategoryField } from "../parts/category-field.tsx";
import { Drawing } from "../parts/drawing.tsx";
import { Controls, SliderField } from "../parts/fields.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { SeedField } from "../parts/seed-field.tsx";
import { Stage } from "../parts/stage.tsx";
import { TakeAway } from "../parts/take-away.tsx";
import { sheet } from "../sheet.ts";
import { settings, varied } from "../state.ts";
import { roundStrokes } from "../strokes-text.ts";
import { useFill } from "../use-fill.ts";
import { figure, nameOf, words } from "../words.ts";

const VARIATIONS = 9;

const change = (changed: Partial<typeof varied.value>) => {
  varied.value = { ...varied.value, ...changed };
};

/** Which variations. */
export const VaryFields = () => <SeedField seed={varied.value.seed} onChange={(seed) => change({ seed })} />;

/** Drawings like one that is there. */
export function VaryView() {
  const { category, seed, strength, strokes } = varied.value;
  const source = { strokes, word: category, seed, index: 0 };
  const there = strokes.length > 0;
  useFill(
    there
      ? {
          way: "vary",
          request: { sketch: { strokes }, category, strength, seed, count: VARIATIONS, ...settings.value },
        }
      : { way: "sample", request: { category, seed, ...settings.value } },
  );
  const { cells } = sheet.value;
  const first = cells[0]?.final;
  useEffect(() => {
    // Without a drawing to start from the first one is drawn.
    if (!there && first?.word === category) change({ strokes: roundStrokes(first.strokes) });
  }, [there, first]);

  const finals = there ? cells.flatMap(({ final }) => final ?? []) : [];
  const { strength: strengthWord, others, source: sourceWord, variations, same, free } = words.value;
  const shown = strength === 0 ? same : strength === 1 ? free : figure(strength, 2);
  return (
    <>
      <Controls>
        <CategoryField category={category} onChoose={(chosen) => change({ category: chosen, strokes: [] })} />
        <SliderField
          label={strengthWord}
          value={strength}
          least={0}
          most={1}
          step={0.05}
          shown={shown}
          onChange={(value) => change({ strength: value })}
        />
        <span class="buttons">
          <button type="button" class="main" onClick={() => change({ seed: seed + 1 })}>
            {others}
          </button>
        </span>
      </Controls>
      <div class="pair">
        <div class="paper card" role="img" aria-label={`${sourceWord}: ${nameOf(category)}`}>
          <Drawing cell={{ steps: [], ...(there && { final: source }) }} given={strokes.length} />
        </div>
        <section class="side" aria-label={variations}>
          <p class="caption">{variations}</p>
          <Stage
            count={VARIATIONS}
            category={() => category}
            action={words.value.vary}
            onPick={(index) => {
              const chosen = finals.find((final) => final.index === index);
              if (chosen) change({ strokes: roundStrokes(chosen.strokes) });
            }}
          />
        </section>
      </div>
      <div class="below">
        <PlayerBar />
        <TakeAway sketches={finals} title={nameOf(category)} />
      </div>
    </>
  );
}
