import type { Page } from "playwright-core";
import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

type Point = readonly [right: number, down: number];

/** Draws a line on the pad with the mouse, in shares of its sides. */
async function drag(page: Page, ...[from, ...to]: readonly Point[]): Promise<void> {
  const { x, y, width } = (await page.locator(".pad").boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const move = ([right, down]: Point) => page.mouse.move(x + right * width, y + down * width);
  await move(from);
  await page.mouse.down();
  for (const point of to) await move(point);
  await page.mouse.up();
}
const strokes = (page: Page) => page.locator(".pad .pen path");
const TOP = [
  [0.25, 0.25],
  [0.75, 0.25],
] as const;
const BOTTOM = [
  [0.25, 0.75],
  [0.75, 0.75],
] as const;

it("undoes and does again, with buttons and with an editor's keys", async ({ page, open, button }) => {
  await open("#together?category=face", "?device=wasm");
  await drag(page, ...TOP);
  await drag(page, ...BOTTOM);
  const count = (expected: number) => expect.poll(() => strokes(page).count()).toBe(expected);
  await count(2);
  await button("Clear").click();
  await count(0);
  await button("Undo").click();
  await count(2);
  await page.keyboard.press("Control+z");
  await count(1);
  await page.keyboard.press("Control+Shift+z");
  await count(2);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await count(0);
  await expect.poll(() => button("Undo").isDisabled()).toBe(true);
  await page.keyboard.press("Control+y");
  await button("Redo").click();
  await count(2);
  // What was done again last is the clearing.
  await button("Redo").click();
  await count(0);
  await expect.poll(() => button("Redo").isDisabled()).toBe(true);
  await button("Undo").click();
  await count(2);
  // In a field the keys undo what was written there.
  await page.getByRole("combobox").press("Control+z");
  await count(2);
});

it("takes the strokes away that the eraser meets, and no other", async ({ page, open, button }) => {
  await open("#together?category=face", "?device=wasm");
  await drag(page, ...TOP);
  await drag(page, ...BOTTOM);
  const below = await strokes(page).nth(1).getAttribute("d");
  await button("Eraser").click();
  await drag(page, [0.5, 0.1], [0.5, 0.5]);
  const lines = () => strokes(page).evaluateAll((paths) => paths.map((path) => path.getAttribute("d")));
  await expect.poll(lines).toEqual([below]);
  await drag(page, [0.1, 0.1], [0.9, 0.1]);
  await expect.poll(() => strokes(page).count()).toBe(1);
  await button("Undo").click();
  await expect.poll(() => strokes(page).count()).toBe(2);
});

it("says how many points the strokes take of those that the model goes on from", async ({
  page,
  open,
  button,
}) => {
  await open("#together?category=face", "?device=wasm");
  await page.getByText("0 of 36 points").waitFor();
  await drag(page, ...TOP);
  await page.getByText("2 of 36 points").waitFor();
  await drag(page, [0.25, 0.75], [0.5, 0.5], [0.75, 0.75]);
  await page.getByText("5 of 36 points").waitFor();
  await button("Undo").click();
  await page.getByText("2 of 36 points").waitFor();
});

it("shows on the pad the suggestion that one looks at", async ({ page, open, drawn }) => {
  await open("#together?category=face", "?device=wasm");
  await drag(page, ...TOP);
  await drawn(4);
  const last = async (place: string) => page.locator(`${place} .pen path`).last().getAttribute("d");
  const suggestions = page.getByRole("button", { name: "Take this one" });
  for (const index of [2, 1]) {
    await suggestions.nth(index).hover();
    await expect.poll(() => last(".ghost")).toBe(await last(`.cells li:nth-child(${index + 1})`));
  }
  // The next stroke wants an empty sheet.
  await page.mouse.move(0, 0);
  await drag(page, ...BOTTOM);
  await expect.poll(() => strokes(page).count()).toBe(2);
});

it("keeps the drawing on the pad for the next visit, but not what came with a link", async ({
  page,
  open,
}) => {
  await open("#together?category=cat", "?device=wasm");
  await drag(page, ...TOP);
  await page.goto("about:blank");
  await open("#together", "?device=wasm");
  await expect.poll(() => strokes(page).count()).toBe(1);
  expect(await page.getByRole("combobox").inputValue()).toBe("cat");
  await page.goto("about:blank");
  await open("#together?category=face&seed=1&strokes=BQBQWNWN.WNWNBQBQ", "?device=wasm");
  await expect.poll(() => strokes(page).count()).toBe(2);
  await page.goto("about:blank");
  await open("#together", "?device=wasm");
  await expect.poll(() => strokes(page).count()).toBe(1);
});

it.for([
  [320, 640],
  [390, 844],
])(
  "shows pad, tools and suggestions at one glance on a phone of %i x %i",
  async ([width, height], { page, open, drawn }) => {
    await page.setViewportSize({ width, height });
    await open("#together?category=face", "?device=wasm");
    await drag(page, ...TOP);
    await drawn(4);
    for (const place of [".tools", ".pad", ".cells"]) {
      const { x, y, width: wide, height: high } = (await page.locator(place).boundingBox()) ?? expect.fail();
      expect(x, place).toBeGreaterThanOrEqual(0);
      expect(x + wide, place).toBeLessThanOrEqual(width);
      expect(y + high, place).toBeLessThanOrEqual(height);
    }
  },
);
