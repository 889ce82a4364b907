import { expect, inject } from "vitest";
import { requireDenoiser } from "../../src/families/denoisers.ts";
import { loadModel } from "../../src/node/model.ts";
import { readGif } from "../render/gif-reader.ts";
import { decodePng } from "../render/pixels.ts";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

it("gives drawings away in every form", async ({ open, drawn, button, saved, savedSketches }) => {
  await open("#draw?category=snail&count=2&seed=3");
  await drawn(2);
  const svg = String(await saved("SVG"));
  expect(svg).toContain("<title>snail</title>");
  expect(svg.match(/<rect [^>]*rx=/g)).toHaveLength(2);
  const { width, height, red } = decodePng(await saved("PNG"));
  expect(width).toBeGreaterThan(1000);
  const row = Array.from({ length: width }, (_, i) => red(i, Math.floor(height / 2)));
  expect(Math.max(...row)).toBe(255);
  expect(Math.min(...row)).toBeLessThan(60);
  const { frames, width: gifWidth } = readGif(await saved("GIF"));
  expect(gifWidth).toBe(512);
  expect(frames.length).toBeGreaterThan(5);
  // A drawing that was chosen goes alone.
  await button("snail, 2 of 2").click();
  const [second, ...more] = await savedSketches();
  expect(more).toEqual([]);
  expect(second.strokes.length).toBeGreaterThan(0);
  expect(String(await saved("SVG"))).not.toContain("rx=");
});

it("shows the noise, then the pen, and stops where one wants it to", async ({
  page,
  open,
  drawn,
  button,
}) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await open("#draw?category=snail&count=1&seed=3");
  await drawn(1);
  await button("Pause").click();
  const time = page.getByRole("slider", { name: "Time" });
  await time.fill("0");
  const pathOf = (name: string) => page.locator(`.cells .${name}`).getAttribute("d");
  const inked = () =>
    page
      .locator(".cells .pen path")
      .evaluateAll((paths) => paths.filter((path) => path.style.visibility === "visible").length);
  const noise = await pathOf("pencil");
  expect(noise).toMatch(/^M/);
  expect(await pathOf("idea")).not.toBe(noise);
  expect(await inked()).toBe(0);
  await time.fill((await time.getAttribute("max")) ?? "");
  expect(await pathOf("idea")).toBe("");
  expect(await inked()).toBe(await page.locator(".cells .pen path").count());
  await button("Play").click();
  await button("Pause").waitFor();
});

it("changes how the model draws, and says so in the link only where it does", async ({
  page,
  open,
  drawn,
  savedSketches,
}) => {
  await open("#draw?category=snail&count=1&seed=3");
  await drawn(1);
  await page.getByText("Settings").click();
  const [before] = await savedSketches();
  await page.getByRole("slider", { name: "Steps" }).fill("4");
  await page.waitForURL(/steps=4/);
  const strokes = async () => (await savedSketches())[0].strokes;
  await expect.poll(strokes, { timeout: 20_000 }).not.toEqual(before.strokes);
  await page
    .getByRole("slider", { name: "Steps" })
    .fill(
      String(requireDenoiser((await loadModel(inject("studio").tiny.model)).config, "it").sampling.steps),
    );
  await page.waitForURL(/seed=3$/);
});

it("varies a drawing, and leads from one to another", async ({ open, drawn, button, savedSketches }) => {
  await open("#draw?category=sailboat&count=2&seed=1");
  await drawn(2);
  await button("sailboat, 1 of 2").click();
  await button("Vary it").click();
  await drawn(9);
  expect(await savedSketches()).toHaveLength(9);
  await open("#between?from=apple,1,0&to=face,2,0&count=3");
  await drawn(3);
  expect((await savedSketches()).map(({ word }) => word)).toEqual(["apple", "face", "face"]);
});

it("computes with WebAssembly where it is told to, and where there is no WebGPU", async ({
  open,
  status,
  drawn,
}) => {
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  expect(await status.textContent()).toContain("WebAssembly, one thread");
  await open("#draw?count=2", "?device=webgpu");
  await drawn(2);
  expect(await status.textContent()).toContain("WebAssembly");
});

it("keeps links to what its controls can say", async ({ page, open, status, drawn }) => {
  await open("#draw?category=snail&count=1&seed=3&steps=1000&guidance=9&sampler=heun", "?device=wasm");
  await drawn(1);
  expect(page.url()).toMatch(/seed=3&sampler=heun$/);
  const many = "AAAA".repeat(30_000);
  await open(`#together?category=face&seed=1&strokes=${many}`, "?device=wasm");
  await status.filter({ hasText: "The link holds more strokes than this page takes" }).waitFor();
  expect(await page.locator(".pad .pen path").count()).toBe(0);
});
