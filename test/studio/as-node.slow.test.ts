import { expect, inject } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { loadModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import type { Sketch } from "../../src/sketch/sketch.ts";
import { visiting } from "./visit.ts";

const pointCounts = ({ strokes }: Sketch): number[] => strokes.map(({ x }) => x.length);
const xs = (sketches: readonly Sketch[]): number[] =>
  sketches.flatMap(({ strokes }) => strokes.flatMap(({ x }) => x));

const requests = {
  released: { category: "snail", count: 2, seed: 3 },
  // Of another family, with other categories.
  other: { category: "cat", count: 3, seed: 1 },
};

for (const build of ["released", "other"] as const)
  visiting(build)(
    `the ${build} model draws what the page's link says, as Node draws it`,
    async ({ open, drawn, savedSketches }) => {
      const request = requests[build];
      const { category, count, seed } = request;
      await open(`#draw?category=${category}&count=${count}&seed=${seed}`);
      await drawn(count);
      const here = await savedSketches();
      const there = await collect(sample(await loadModel(inject("studio")[build].model), request));
      expect(here.map(({ word }) => word)).toEqual(Array(count).fill(category));
      expect(here.map(pointCounts)).toEqual(there.map(pointCounts));
      const [mine, theirs] = [xs(here), xs(there)];
      // ndjson has hundredths of a pixel.
      expect(Math.max(...theirs.map((x, i) => Math.abs(x - mine[i])))).toBeLessThan(0.1);
    },
  );
