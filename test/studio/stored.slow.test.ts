import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it as test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { loadModel, SHIPPED_MODEL } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import stored from "../../studio/src/stored.json" with { type: "json" };
import { fromText } from "../../studio/src/strokes-text.ts";
import { visiting } from "./visit.ts";

test("what is stored is what the released model draws (else: npx tsx studio/stored.ts)", async () => {
  const { model, drawings, ...request } = stored;
  const weights = readFileSync(join(SHIPPED_MODEL, "model.safetensors"));
  expect(createHash("sha256").update(weights).digest("hex")).toBe(model);
  const drawn = await collect(sample(await loadModel(), request));
  expect(drawings.map((text) => fromText(text).map(({ x }) => x.length))).toEqual(
    drawn.map(({ strokes }) => strokes.map(({ x }) => x.length)),
  );
  const differences = drawn.flatMap(({ strokes }, i) =>
    strokes.flatMap(({ x }, j) => x.map((value, k) => Math.abs(value - fromText(drawings[i])[j].x[k]))),
  );
  // A text has tenths of a pixel.
  expect(Math.max(...differences)).toBeLessThan(0.15);
});

const it = visiting("released");

it("shows drawings while the model is on its way", async ({ page, server, open }) => {
  server.hang = /safetensors$/;
  await open("", "?device=wasm");
  await page.locator(".cells li:nth-child(6) .pen path").first().waitFor();
  await page.locator(".status progress").waitFor();
  // Of nothing else.
  await open("#draw?category=snail&seed=1&count=6", "?device=wasm");
  await expect.poll(() => page.locator(".cells .pen path").count()).toBe(0);
});
