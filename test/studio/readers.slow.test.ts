import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

/** In a page: what of it is cut off. */
const CUT = `[...document.querySelectorAll("nav, nav a, .card, .controls button, .controls input")]
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1;
  })
  .map(({ className, textContent }) => className + " " + textContent)`;

it("finds categories by Turkish names, without a mouse, and speaks Turkish for good", async ({
  page,
  open,
  drawn,
  button,
}) => {
  await open("#draw?category=snail&count=1&seed=3");
  await drawn(1);
  const category = page.getByRole("combobox");
  await category.press("ArrowDown");
  await category.fill("kedi");
  await category.press("Enter");
  expect(await category.inputValue()).toBe("cat");
  expect(page.url()).toContain("category=cat");
  await button("Türkçe").click();
  expect(await category.inputValue()).toBe("kedi");
  await page.reload();
  await drawn(1);
  expect(await page.getAttribute("html", "lang")).toBe("tr");
  expect(await page.title()).toContain("bir makinenin");
});

it.for([320, 360])(
  "fits on a phone of %i pixels, in any view and both languages",
  async (width, { page, open, button }) => {
    await page.setViewportSize({ width, height: 640 });
    await open("", "?device=wasm");
    for (const language of ["English", "Türkçe"]) {
      await button(language).click();
      for (const link of await page.locator("nav a").all()) {
        await link.click();
        const view = await link.textContent();
        expect(await page.evaluate("document.documentElement.scrollWidth"), `${view}`).toBe(width);
        // Nor is anything cut off at an edge.
        expect(await page.evaluate(CUT), `${view}`).toEqual([]);
      }
    }
  },
);

it("has edges where the reader's own colours take its own", async ({ page, open, drawn }) => {
  const styleOf = (selector: string, property: string) =>
    page.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).${property}`);
  await page.emulateMedia({ forcedColors: "active" });
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  for (const part of [".card", ".main", ".stepper"])
    expect(await styleOf(part, "borderTopWidth"), part).toBe("1px");
  expect(await styleOf(".pen path", "stroke")).not.toBe(await styleOf("body", "backgroundColor"));
});

it("says that it needs JavaScript where there is none", ({ folder }) => {
  const [, said = ""] =
    /<noscript>(.*)<\/noscript>/s.exec(readFileSync(join(folder, "index.html"), "utf8")) ?? [];
  expect(said).toContain("it needs JavaScript");
  expect(said).toContain("JavaScript gerekir");
});
