import { categories } from "virtual:model";
import { effect } from "@preact/signals";
import { remember, remembered } from "./memory.ts";
import { together } from "./state.ts";
import { fromText, toText } from "./strokes-text.ts";

// The drawing on the pad survives the page.

const KEPT = "pad";

/** Puts what the browser kept on the pad, before a link may say otherwise. */
export function restorePad(): void {
  const kept = new URLSearchParams(remembered(KEPT) ?? "");
  const category = categories.find((name) => name === kept.get("category"));
  const strokes = fromText(kept.get("strokes") ?? "");
  if (category !== undefined) together.value = { ...together.value, category, strokes };
}

/** Keeps every change from now on: what came with a link is the visitor's own once they draw on it. */
export function keepPad(): void {
  const first = together.peek();
  effect(() => {
    if (together.value === first) return;
    const { category, strokes } = together.value;
    remember(KEPT, String(new URLSearchParams({ category, strokes: toText(strokes) })));
  });
}
