import { expect } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { loadModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { visiting } from "./visit.ts";

// A model that takes its time.
const it = visiting("released");

it("computes only the last of many wishes, and stops when told to", async ({
  page,
  open,
  status,
  drawn,
  button,
  savedSketches,
}) => {
  await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
  await drawn(1);
  for (let i = 0; i < 8; i++) await button("More").click();
  await drawn(1);
  expect(page.url()).toContain("seed=11");
  // None of those before was drawn to its end.
  const [last] = await savedSketches();
  const [expected] = await collect(sample(await loadModel(), { category: "snail", count: 1, seed: 11 }));
  expect(last.strokes.map(({ x }) => x.length)).toEqual(expected.strokes.map(({ x }) => x.length));
  await open("#draw?category=snail&count=16&seed=4");
  await button("Stop").click();
  await status.filter({ hasText: /^Ready/ }).waitFor();
  await button("More").click();
  await button("Stop").waitFor();
});
