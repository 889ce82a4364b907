import { categories, families } from "virtual:model";
import { batch, effect, signal } from "@preact/signals";
import { samplerNames } from "cizgi/web";
import {
  between,
  drawn,
  eight,
  LEAST_TEMPERATURE,
  MOST_DRAWINGS,
  MOST_GUIDANCE,
  MOST_LINK_POINTS,
  MOST_SEED,
  MOST_STEPS,
  MOST_TEMPERATURE,
  type Named,
  settings,
  together,
  varied,
  view,
  views,
} from "./state.ts";
import { fromText, POINT_DIGITS, toText } from "./strokes-text.ts";

/** Whether the link held more than the page takes. */
export const linkProblem = signal(false);

/** Four digits a point, and at most a dot for each. */
const MOST_STROKES_TEXT = MOST_LINK_POINTS * (POINT_DIGITS + 1);

/** What is chosen in the view at hand, as the part of the address after "#". */
function currentHash(): string {
  // The families draw in their own ways.
  const told = view.value === "ways" ? {} : settings.value;
  const chosen = Object.entries({ ...chosenIn(view.value), ...told });
  return `#${view.value}?${new URLSearchParams(chosen.map(([key, value]) => [key, String(value)]))}`;
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
      return { from: namedText(from), to: namedText(to), count };
    }
    case "ways":
      return { ...eight.value };
  }
}

const namedText = ({ category, seed, index }: Named): string => [category, seed, index].join(",");

const oneOf = <T extends string>(known: readonly T[], name: string | null): T | undefined =>
  known.find((one) => one === name);

const numberOf = (text: string | null | undefined, least: number, most: number): number | undefined => {
  const value = Number(text || Number.NaN);
  return value >= least && value <= most ? value : undefined;
};

const wholeOf = (text: string | null | undefined, least: number, most: number): number | undefined => {
  const value = numberOf(text, least, most);
  return Number.isInteger(value) ? value : undefined;
};

function namedOf(text: string | null): Named | undefined {
  const [name = "", seed, index] = text?.split(",") ?? [];
  const category = oneOf(categories, name);
  if (category === undefined) return undefined;
  return { category, seed: wholeOf(seed, 0, MOST_SEED) ?? 0, index: wholeOf(index, 0, MOST_SEED) ?? 0 };
}

/** What was there, but for what is said otherwise. */
const otherwise = <T extends object>(before: T, said: { readonly [K in keyof T]?: T[K] | undefined }): T => ({
  ...before,
  ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
});

/** Chooses what a link says; what it does not say, or says wrongly, stays as it was. */
function readHash(hash: string): void {
  const [name = "", said] = hash.slice(1).split("?");
  const which = oneOf(views, name);
  if (which === undefined || (which === "ways" && families === undefined)) return;
  view.value = which;
  // A link within the page says where to go, and no more.
  if (said === undefined) return;

  const chosen = new URLSearchParams(said);
  const text = (key: string) => chosen.get(key);
  settings.value = otherwise<typeof settings.value>(
    {},
    {
      steps: wholeOf(text("steps"), 1, MOST_STEPS),
      guidance: numberOf(text("guidance"), 0, MOST_GUIDANCE),
      sampler: oneOf(samplerNames, text("sampler")),
      temperature: numberOf(text("temperature"), LEAST_TEMPERATURE, MOST_TEMPERATURE),
    },
  );
  const category = oneOf(categories, text("category"));
  const seed = wholeOf(text("seed"), 0, MOST_SEED);
  const points = text("strokes");
  linkProblem.value = (points?.length ?? 0) > MOST_STROKES_TEXT;
  const strokes = points === null || linkProblem.value ? undefined : fromText(points);
  switch (which) {
    case "draw":
      drawn.value = otherwise(drawn.value, {
        category,
        seed,
        count: wholeOf(text("count"), 1, MOST_DRAWINGS),
      });
      break;
    case "together":
      together.value = otherwise(together.value, { category, seed, strokes });
      break;
    case "vary":
      varied.value = otherwise(varied.value, {
        category,
        seed,
        strokes,
        strength: numberOf(text("strength"), 0, 1),
      });
      break;
    case "between":
      between.value = otherwise(between.value, {
        from: namedOf(text("from")),
        to: namedOf(text("to")),
        count: wholeOf(text("count"), 2, MOST_DRAWINGS),
      });
      break;
    case "ways":
      eight.value = otherwise(eight.value, {
        category: oneOf(families?.categories ?? [], text("category")),
        seed,
      });
  }
}

/** A choice that one can go back to; strokes have an undo of their own, and a link within the page chose nothing yet. */
function isStep(before: string, after: string): boolean {
  const choices = (hash: string) => hash.replace(/strokes=[^&]*/, "");
  return before.includes("?") && choices(before) !== choices(after);
}

/** Keeps the address and what is chosen the same, whichever changes; the browser goes back from choice to choice. */
export function followLinks(): void {
  let reading = false;
  const read = () => {
    reading = true;
    batch(() => readHash(location.hash));
    reading = false;
  };
  read();
  addEventListener("hashchange", read);
  effect(() => {
    const hash = currentHash();
    if (hash === location.hash) return;
    if (!reading && isStep(location.hash, hash)) history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
  });
}
