import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { performanceDocument } from "../../src/bench/scripts/performance.ts";

it("docs/performance.md and its chart are what the results of the benches give: npm run performance writes them", () => {
  const { text, chart } = performanceDocument();
  expect(readFileSync("docs/performance.md", "utf8")).toBe(text);
  expect(readFileSync("docs/pictures/growth.svg", "utf8")).toBe(chart);
});
