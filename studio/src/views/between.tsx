import { CategoryField } from "../parts/category-field.tsx";
import { Controls, NumberField } from "../parts/fields.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { SeedField } from "../parts/seed-field.tsx";
import { Stage } from "../parts/stage.tsx";
import { TakeAway } from "../parts/take-away.tsx";
import { sheet } from "../sheet.ts";
import { between, MOST_DRAWINGS, type Named, settings } from "../state.ts";
import { useFill } from "../use-fill.ts";
import { nameOf, words } from "../words.ts";

const change = (changed: Partial<typeof between.value>) => {
  between.value = { ...between.value, ...changed };
};

/** Which drawings the way leads from and to, and how many there are on it. */
export function BetweenFields() {
  const { from, to, count } = between.value;
  const { from: fromWord, to: toWord, seed, count: countWord } = words.value;
  return (
    <>
      <NumberField
        label={countWord}
        value={count}
        least={2}
        most={MOST_DRAWINGS}
        onChange={(value) => change({ count: value })}
      />
      <SeedField
        label={`${seed}: ${fromWord}`}
        seed={from.seed}
        onChange={(value) => change({ from: { ...from, seed: value, index: 0 } })}
      />
      <SeedField
        label={`${seed}: ${toWord}`}
        seed={to.seed}
        onChange={(value) => change({ to: { ...to, seed: value, index: 0 } })}
      />
    </>
  );
}

/** From one drawing to another. */
export function BetweenView() {
  const { from, to, count } = between.value;
  useFill({ way: "interpolate", request: { from, to, count, ...settings.value } });
  const { from: fromWord, to: toWord } = words.value;
  return (
    <>
      <Controls>
        <End label={fromWord} end={from} onChange={(end) => change({ from: end })} />
        <span class="arrow" aria-hidden="true">
          →
        </span>
        <End label={toWord} end={to} onChange={(end) => change({ to: end })} />
      </Controls>
      <Stage count={count} category={(index) => (index < (count - 1) / 2 ? from : to).category} />
      <div class="below">
        <PlayerBar />
        <TakeAway
          sketches={sheet.value.cells.flatMap(({ final }) => final ?? [])}
          title={`${nameOf(from.category)} → ${nameOf(to.category)}`}
        />
      </div>
    </>
  );
}

const End = ({ label, end, onChange }: { label: string; end: Named; onChange: (end: Named) => void }) => (
  <CategoryField
    label={label}
    category={end.category}
    onChoose={(category) => onChange({ ...end, category, index: 0 })}
  />
);
