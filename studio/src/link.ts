import { effect } from "@preact/signals";
import { CATEGORIES, type SamplerName, samplerNames } from "cizgi/web";
import {
  between,
  drawn,
  MOST_DRAWINGS,
  MOST_SEED,
  type Named,
  settings,
  together,
  varied,
  view,
  views,
} from "./state.ts";
import { fromText, toText } from "./strokes-text.ts";

/** What is chosen in the view at hand, as the part of the address after "#". */
function currentHash(): string {
  const { steps, guidance, sampler } = settings.value;
  const more = { steps, guidance, sampler };
  const chosen: Record<string, string | number | undefined> = { ...chosenIn(view.value), ...more };
  const said = Object.entries(chosen).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return `#${view.value}?${new URLSearchParams(said)}`;
}

function chosenIn(which: typeof view.value): Record<string, string | number> {
  switch (which) {
    case "draw":
      return { ...drawn.value };
    case "together":
      return { ...together.value, strokes: toText(together.value.strokes) };
    case "vary":
      return { ...varied.value, strokes: toText(varied.value.strokes) };
    case "between": {
      const { from, to, count } = between.value;
      return { from: named(from), to: named(to), count };
    }
  }
}

const named = ({ category, seed, index }: Named): string => [category, seed, index].join(",");

/** Chooses what a link says; what it does not say, or says wrongly, stays as it was. */
function readHash(hash: string): void {
  const [which, said = ""] = hash.slice(1).split("?");
  const chosen = new URLSearchParams(said);
  const number = (key: string, least: number, most: number, otherwise: number): number => {
    const value = Number(chosen.get(key) ?? Number.NaN);
    return value >= least && value <= most ? value : otherwise;
  };
  const whole = (key: string, least: number, most: number, otherwise: number) =>
    Math.round(number(key, least, most, otherwise));
  const category = (name: string | null, otherwise: string) =>
    CATEGORIES.find((known) => known === name) ?? otherwise;
  const end = (key: string, otherwise: Named): Named => {
    const [name, seed, index] = (chosen.get(key) ?? "").split(",");
    const count = (text: string | undefined) =>
      Math.min(Math.max(Math.round(Number(text ?? 0)) || 0, 0), MOST_SEED);
    return CATEGORIES.includes(name) ? { category: name, seed: count(seed), index: count(index) } : otherwise;
  };

  const wanted = views.find((name) => name === which);
  if (wanted === undefined) return;
  const sampler = samplerNames.find((name): name is SamplerName => name === chosen.get("sampler"));
  settings.value = {
    ...(chosen.has("steps") && { steps: whole("steps", 1, 200, 10) }),
    ...(chosen.has("guidance") && { guidance: number("guidance", 0, 10, 1) }),
    ...(sampler && { sampler }),
  };
  const seed = (otherwise: number) => whole("seed", 0, MOST_SEED, otherwise);
  switch (wanted) {
    case "draw":
      drawn.value = {
        category: category(chosen.get("category"), drawn.value.category),
        count: whole("count", 1, MOST_DRAWINGS, drawn.value.count),
        seed: seed(drawn.value.seed),
      };
      break;
    case "together":
      together.value = {
        category: category(chosen.get("category"), together.value.category),
        seed: seed(together.value.seed),
        strokes: fromText(chosen.get("strokes") ?? ""),
      };
      break;
    case "vary":
      varied.value = {
        category: category(chosen.get("category"), varied.value.category),
        seed: seed(varied.value.seed),
        strength: number("strength", 0, 1, varied.value.strength),
        strokes: fromText(chosen.get("strokes") ?? ""),
      };
      break;
    case "between":
      between.value = {
        from: end("from", between.value.from),
        to: end("to", between.value.to),
        count: whole("count", 2, MOST_DRAWINGS, between.value.count),
      };
  }
  view.value = wanted;
}

/** Keeps the address and what is chosen the same, whichever changes. */
export function followLinks(): void {
  readHash(location.hash);
  addEventListener("hashchange", () => readHash(location.hash));
  effect(() => {
    const hash = currentHash();
    if (hash !== location.hash) history.replaceState(null, "", hash);
  });
}
