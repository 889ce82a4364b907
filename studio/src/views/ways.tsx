import { useComputed } from "@preact/signals";
import type { FamilyName } from "cizgi/web";
import { familyCategories, familyNames, familyWords } from "../families.ts";
import { CategoryField } from "../parts/category-field.tsx";
import { Controls } from "../parts/fields.tsx";
import { Making } from "../parts/making.tsx";
import { PlayerBar } from "../parts/player-bar.tsx";
import { SeedField } from "../parts/seed-field.tsx";
import { TakeAway } from "../parts/take-away.tsx";
import { type Cell, sheet } from "../sheet.ts";
import { eight } from "../state.ts";
import { useFill } from "../use-fill.ts";
import { nameOf, words } from "../words.ts";

const change = (changed: Partial<typeof eight.value>) => {
  eight.value = { ...eight.value, ...changed };
};

/** Which drawings. */
export const WaysFields = () => <SeedField seed={eight.value.seed} onChange={(seed) => change({ seed })} />;

/** One category, drawn by every family, each seen in its own way. */
export function WaysView() {
  const { category, seed } = eight.value;
  useFill({ way: "families", request: { category, seed, families: familyNames } });
  const running = useComputed(() => sheet.value.running);
  const { again, start } = words.value;
  return (
    <>
      <Controls>
        <CategoryField
          category={category}
          among={familyCategories}
          onChoose={(chosen) => change({ category: chosen })}
        />
        <span class="buttons">
          <button type="button" class="main" onClick={() => change({ seed: seed + 1 })}>
            {again}
          </button>
        </span>
      </Controls>
      <ul class="ways" aria-busy={running.value}>
        {familyNames.map((family, index) => (
          <li key={family}>
            <Way family={family} index={index} category={category} />
          </li>
        ))}
      </ul>
      <div class="below">
        <PlayerBar first={start} />
        <TakeThem title={nameOf(category)} />
      </div>
    </>
  );
}

const TakeThem = ({ title }: { title: string }) => (
  <TakeAway sketches={sheet.value.cells.flatMap(({ final }) => final ?? [])} title={title} />
);

const NOTHING: Cell = { steps: [] };

function Way({ family, index, category }: { family: FamilyName; index: number; category: string }) {
  // The others go on meanwhile.
  const cell = useComputed(() => sheet.value.cells[index] ?? NOTHING).value;
  const { name, failed, cured } = familyWords(family);
  const { whyFailed, whatCured, more } = words.value;
  const there = cell.steps.length > 0 || cell.final;
  return (
    <>
      <div class={there ? "card" : "card blank"} role="img" aria-label={`${name}: ${nameOf(category)}`}>
        <Making family={family} index={index} cell={cell} />
      </div>
      <h2>{name}</h2>
      <dl>
        <div>
          <dt>{whyFailed}</dt>
          <dd>{failed}</dd>
        </div>
        <div>
          <dt>{whatCured}</dt>
          <dd>{cured}</dd>
        </div>
      </dl>
      <a href={`./families/${family}.html`} aria-label={`${more}: ${family}`}>
        {family}
      </a>
    </>
  );
}
