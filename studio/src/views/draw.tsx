import { categories } from "virtual:model";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CategoryField } from "../parts/category-field.tsx";
import { Controls, NumberField } from "../parts/fields.tsx";
import { GoOn } from "../parts/go-on.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { SeedField } from "../parts/seed-field.tsx";
import { Stage } from "../parts/stage.tsx";
import { TakeAway } from "../parts/take-away.tsx";
import { sheet } from "../sheet.ts";
import { drawn, MOST_DRAWINGS, settings } from "../state.ts";
import { storedOf } from "../stored.ts";
import { useFill } from "../use-fill.ts";
import { nameOf, words } from "../words.ts";

const change = (changed: Partial<typeof drawn.value>) => {
  drawn.value = { ...drawn.value, ...changed };
};

/** How many drawings, and which. */
export function DrawFields() {
  const { count, seed } = drawn.value;
  return (
    <>
      <NumberField
        label={words.value.count}
        value={count}
        least={1}
        most={MOST_DRAWINGS}
        onChange={(value) => change({ count: value })}
      />
      <SeedField seed={seed} onChange={(value) => change({ seed: value })} />
    </>
  );
}

/** Drawings of a category. */
export function DrawView() {
  const { category, count, seed } = drawn.value;
  const picked = useSignal<number | undefined>(undefined);
  useFill({ way: "sample", request: { category, count, seed, ...settings.value } });
  const { number, cells } = sheet.value;
  useEffect(() => {
    picked.value = undefined;
  }, [number]);

  const finals = cells.flatMap(({ final }) => final ?? []);
  const one = finals.find(({ index }) => index === (count === 1 ? 0 : picked.value));
  const { others, anything } = words.value;
  return (
    <>
      <Controls>
        <CategoryField category={category} onChoose={(chosen) => change({ category: chosen })} />
        <span class="buttons">
          <button type="button" class="main" onClick={() => change({ seed: seed + 1 })}>
            {others}
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => change({ category: anythingBut(category, seed), seed: seed + 1 })}
          >
            {anything}
          </button>
        </span>
      </Controls>
      <Stage
        count={count}
        category={() => category}
        stored={storedOf(category, seed)}
        actions={(index) => {
          const final = cells[index]?.final;
          return final && <GoOn sketch={final} />;
        }}
        picked={picked.value}
        {...(count > 1 && {
          onPick: (index: number) => {
            picked.value = picked.value === index ? undefined : index;
          },
        })}
      />
      <div class="below">
        <PlayerBar />
        <TakeAway sketches={one ? [one] : finals} title={nameOf(category)} />
      </div>
    </>
  );
}

/** Another category: which one, the seed decides. */
const anythingBut = (category: string, seed: number): string => {
  const others = categories.filter((name) => name !== category);
  return others[(seed * 137 + categories.indexOf(category)) % others.length] ?? category;
};
