import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

it("goes on from the visitor's strokes, which stay as they are", async ({
  page,
  open,
  drawn,
  button,
  savedSketches,
}) => {
  await open("#together?category=face");
  const { x, y, width } = (await page.locator(".pad").boundingBox()) ?? { x: 0, y: 0, width: 0 };
  const at = (angle: number) => [0.5 + 0.35 * Math.cos(angle), 0.5 + 0.35 * Math.sin(angle)] as const;
  const move = ([right, down]: readonly [number, number]) =>
    page.mouse.move(x + right * width, y + down * width);
  await move(at(0));
  await page.mouse.down();
  for (let i = 1; i <= 24; i++) await move(at((i / 24) * 2 * Math.PI));
  await page.mouse.up();
  await drawn(4);
  const [mine] = await savedSketches();
  expect(mine.strokes).toHaveLength(1);
  // And with keys: a line down from the middle.
  await page.locator(".pad").focus();
  for (const key of ["Space", "ArrowDown", "ArrowDown", "Space"]) await page.keyboard.press(key);
  await drawn(4);
  const [more] = await savedSketches();
  expect(more.strokes).toEqual([mine.strokes[0], { x: [128, 128], y: [128, 144] }]);
  await button("Undo").click();
  await drawn(4);
  await page.getByRole("button", { name: "Take this one" }).first().click();
  await drawn(4);
  const [taken] = await savedSketches();
  expect(taken.strokes.length).toBeGreaterThan(1);
  expect(taken.strokes[0]).toEqual(mine.strokes[0]);
  // Another view and back: it is all still there.
  await page.getByRole("link", { name: "Draw", exact: true }).click();
  await drawn(6);
  await page.getByRole("link", { name: "Draw with me" }).click();
  await drawn(4);
  expect((await savedSketches())[0]).toEqual(taken);
  // Everything is in the link.
  const again = await page.context().newPage();
  await again.goto(page.url());
  await again
    .locator(".pad .pen path")
    .nth(taken.strokes.length - 1)
    // A line straight down is no width, which counts as hidden.
    .waitFor({ state: "attached" });
  await button("Undo").click();
  await drawn(4);
  // What was taken goes as it came.
  expect((await savedSketches())[0].strokes).toEqual(mine.strokes);
});

it("draws on the pad with one pointer at a time, and lifts the pen where the keys leave", async ({
  page,
  open,
  drawn,
  savedSketches,
}) => {
  await open("#together?category=face", "?device=wasm");
  const pad = page.locator(".pad");
  await pad.focus();
  for (const key of ["Space", "ArrowDown", "ArrowRight", "Tab"]) await page.keyboard.press(key);
  const { x, y, width } = (await pad.boundingBox()) ?? { x: 0, y: 0, width: 0 };
  await page.mouse.move(x + 0.2 * width, y + 0.2 * width);
  await page.mouse.move(x + 0.8 * width, y + 0.3 * width);
  await drawn(4);
  expect((await savedSketches()).map(({ strokes }) => strokes)).toEqual([
    [{ x: [128, 128, 136], y: [128, 136, 136] }],
  ]);
  const touch = (type: string, id: number, right: number, down: number) =>
    pad.dispatchEvent(type, {
      pointerId: id,
      pointerType: "touch",
      button: 0,
      clientX: x + right * width,
      clientY: y + down * width,
      bubbles: true,
    });
  await page.evaluate("Element.prototype.setPointerCapture = () => {}");
  await touch("pointerdown", 7, 0.25, 0.25);
  await touch("pointerdown", 8, 0.9, 0.9);
  await touch("pointermove", 8, 0.95, 0.9);
  await touch("pointermove", 7, 0.5, 0.25);
  await touch("pointerup", 8, 0.95, 0.9);
  await touch("pointerup", 7, 0.5, 0.25);
  await drawn(4);
  const [both] = await savedSketches();
  expect(both.strokes[1]).toEqual({ x: [64, 128], y: [64, 64] });
});

it("says in Turkish what the library says in English", async ({ open, status, button }) => {
  // More strokes, of two points each, than the model has points.
  const strokes = Array.from({ length: 60 }, () => "BQBQWNWN").join(".");
  await open(`#together?category=face&seed=1&strokes=${strokes}`, "?device=wasm");
  await status.filter({ hasText: "more points than this model takes" }).waitFor();
  await button("Türkçe").click();
  await status.filter({ hasText: "Çizgilerde bu modelin alabileceğinden çok nokta var" }).waitFor();
});
