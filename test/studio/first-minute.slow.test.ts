import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

it("chooses what was found by its name with the Tab key, which goes on as ever", async ({ page, open }) => {
  await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
  const category = page.getByRole("combobox");
  await category.click();
  await page.keyboard.type("bu");
  await page.keyboard.press("Tab");
  await expect.poll(() => category.inputValue()).toBe("bus");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("More");
  // Who goes through the page chooses nothing.
  await category.focus();
  await page.keyboard.press("Tab");
  expect(await category.inputValue()).toBe("bus");
});

it("goes back from choice to choice", async ({ page, open, button }) => {
  await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
  await button("More").click();
  await page.waitForURL(/seed=4/);
  await page.getByRole("link", { name: "Vary" }).click();
  await page.waitForURL(/#vary\?category=sailboat/);
  await page.goBack();
  await page.waitForURL(/#draw\?category=snail&count=1&seed=4/);
  await page.goBack();
  await page.waitForURL(/#draw\?category=snail&count=1&seed=3/);
  await page.goForward();
  await page.waitForURL(/seed=4/);
});

it("says in a sentence what each view is for, in both languages", async ({ page, open, button }) => {
  await open("", "?device=wasm");
  const said = new Set<string>();
  for (const language of ["English", "Türkçe"]) {
    await button(language).click();
    for (const link of await page.locator("nav a").all()) {
      await link.click();
      await page
        .locator('nav a[aria-current="page"]', { hasText: (await link.textContent()) ?? "" })
        .waitFor();
      said.add((await page.locator(".lead").textContent()) ?? "");
    }
  }
  expect(said.size).toBe(2 * (await page.locator("nav a").count()));
});

it("shows on a drawing what one can do with it, and moves nothing for that", async ({
  page,
  open,
  drawn,
  button,
}) => {
  await open("#draw?category=snail&count=2&seed=3", "?device=wasm");
  await drawn(2);
  const card = page.locator(".cells li").first();
  const places = () =>
    page.evaluate(`[...document.querySelectorAll(".card, .player, .take")].map((part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [x, y, width, height];
    })`);
  const before = await places();
  expect(await button("Draw on").count()).toBe(0);
  await card.hover();
  await expect.poll(() => button("Draw on").count()).toBe(1);
  await card.locator(".card").click();
  await page.mouse.move(0, 0);
  await expect.poll(() => button("Lead to another").count()).toBe(1);
  expect(await places()).toEqual(before);
  await button("Lead to another").click();
  await page.waitForURL(/#between\?from=snail%2C3%2C0/);
});

it("has seed and count of every view under Settings", async ({ page, open }) => {
  await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
  await page.getByText("Settings").click();
  await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
  await page.keyboard.press("Enter");
  await page.waitForURL(/count=1&seed=5/);
  await page.getByRole("link", { name: "Between" }).click();
  await page.getByRole("spinbutton", { name: "Seed: To" }).fill("9");
  await page.keyboard.press("Enter");
  await page.waitForURL(/to=face%2C9%2C0/);
});
