import { expect, inject } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("other");

it("begins with what its model has learnt", async ({ page, open, drawn }) => {
  await open();
  // The snail that the page begins with elsewhere was never learnt here.
  await drawn(6);
  expect(await page.getByRole("combobox").inputValue()).toBe("bus");
});

it("leaves eight ways out, and says so, where a family has no model", async ({ page, open, status }) => {
  const { said } = inject("studio").other;
  expect(said).toContain('the page "Eight ways" is left out');
  expect(said).toMatch(/has no model of latent\./);
  await open("#ways", "?device=wasm");
  await status.filter({ hasText: "drawings in" }).waitFor();
  expect(await page.getByRole("link", { name: "Eight ways" }).count()).toBe(0);
  expect(page.url()).toContain("#draw?");
});
