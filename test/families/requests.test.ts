import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { UserError } from "../../src/base/errors.ts";
import {
  able,
  compile,
  complete,
  interpolate,
  openClassifier,
  openSession,
  type Session,
  sample,
  vary,
} from "../../src/index.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { openSession as openSessionOfPage } from "../../src/web/index.ts";
import { untrained } from "./tiny-model.ts";

const model = untrained();
const sketch = {
  strokes: [
    { x: [28, 228, 228], y: [60, 60, 190] },
    { x: [80, 120], y: [100, 140] },
  ],
};
/** A request that can be done, for each way to draw. */
const requests = {
  sample: { category: "cat" },
  vary: { category: "cat", sketch, strength: 0.5 },
  complete: { category: "cat", strokes: sketch.strokes },
  interpolate: { from: { category: "cat", seed: 1 }, to: { category: "bus", sketch }, count: 2 },
} as const;
const once = { sample, vary, complete, interpolate };
type Way = keyof typeof requests;
const ways = Object.keys(requests) as Way[];

const methodOf = (session: Session, way: Way) => (way === "sample" ? session.sample : able(session, way));

/** Nothing is computed: what is wrong is to be found before. */
const idle: Runtime = {
  compile: () => Promise.reject(new Error("compiled")),
  compileRows: () => Promise.reject(new Error("compiled")),
  mostRows: 64,
};

/** What each door says to a request with something else in it; undefined where it is accepted. */
async function refusals(way: Way, over: object): Promise<string[]> {
  const request = { ...requests[way], ...over };
  const doors = [
    async () => collect(methodOf(openSessionOfPage(model, idle), way)(request as never)),
    async () => collect(methodOf(openSession(model), way)(request as never)),
    async () => collect(once[way](model, request as never)),
  ];
  return Promise.all(
    doors.map(async (door) => {
      const error: unknown = await door().then(
        () => "accepted",
        (reason) => reason,
      );
      expect(error).toBeInstanceOf(UserError);
      return (error as UserError).message;
    }),
  );
}

const everywhere: [over: object, expected: string][] = [
  [{ steps: 8.5 }, "steps: expected a whole number of at least 1, found 8.5"],
  [{ steps: 0 }, "steps: expected a whole number of at least 1, found 0"],
  [{ steps: "8" }, 'steps: expected a whole number of at least 1, found "8"'],
  [{ guidance: Number.NaN }, "guidance: expected a number of at least 0, found NaN"],
  [{ guidance: Infinity }, "guidance: expected a number of at least 0, found Infinity"],
  [{ guidance: -1 }, "guidance: expected a number of at least 0, found -1"],
  [{ sampler: "euler" }, 'sampler: expected one of "ddim"|"heun"|"dpm"|"dpm1", found "euler"'],
  [{ sampler: "dmp" }, 'found "dmp". Did you mean "dpm"?'],
  [{ guidence: 3 }, 'unknown key "guidence". Did you mean "guidance"?'],
  [{ onStep: 3 }, "onStep: expected a function, found 3"],
  [{ signal: {} }, "signal: expected an AbortSignal, found {}"],
];
const withSeed: [over: object, expected: string][] = [
  [{ count: -1 }, "count: expected a whole number from 0 to 4294967296, found -1"],
  [{ count: Number.NaN }, "count: expected a whole number from 0 to 4294967296, found NaN"],
  [{ count: 1.5 }, "count: expected a whole number from 0 to 4294967296, found 1.5"],
  [{ eta: 2 }, "eta: expected a number from 0 to 1, found 2"],
  [{ eta: Number.NaN }, "eta: expected a number from 0 to 1, found NaN"],
  ...[-1, 1.5, 2 ** 60, Number.NaN, null].map((seed): [object, string] => [
    { seed },
    `seed: expected a whole number from 0 to 9007199254740991, found ${seed}`,
  ]),
  [{ category: undefined }, "category: expected string, found nothing"],
  [{ category: "dog" }, 'this model has not learnt "dog"'],
];
const strokes = (of: unknown): object => ({ strokes: of });
const cases: [way: Way, over: object, expected: string][] = [
  ...ways.flatMap((way) =>
    everywhere.map(([over, expected]): [Way, object, string] => [way, over, expected]),
  ),
  ...(["sample", "vary", "complete"] as const).flatMap((way) =>
    withSeed.map(([over, expected]): [Way, object, string] => [way, over, expected]),
  ),
  ["vary", { strength: 1.5 }, "strength: expected a number from 0 to 1, found 1.5"],
  ["vary", { strength: undefined }, "strength: expected a number from 0 to 1, found nothing"],
  [
    "vary",
    { sketch: strokes([{ x: [1, 2], y: [1] }]) },
    "sketch.strokes.0.y: expected an array of 2 numbers",
  ],
  ["vary", { sketch: undefined }, "sketch: expected a drawing, { strokes: [...] }, found nothing"],
  ["vary", { sketch: strokes([]) }, "the drawing has no stroke of two points or more"],
  ["complete", strokes([{ x: [1, Number.NaN], y: [1, 2] }]), "strokes.0.x.1: expected a number from"],
  ["complete", strokes([{ x: [1, 1e308], y: [1, 2] }]), "strokes.0.x.1: expected a number from"],
  ["complete", strokes([{ x: [1, 2, 3], y: [1, 2] }]), "strokes.0.y: expected an array of 3 numbers"],
  ["complete", strokes([{ x: [], y: [] }]), "strokes.0.x: expected at least one number, found []"],
  ["complete", strokes([[1, 2]]), "strokes.0: expected a stroke, { x: [...], y: [...] }, found [1,2]"],
  ["complete", strokes(undefined), "strokes: expected an array of strokes, found nothing"],
  ["complete", { open: "yes" }, 'open: expected boolean, found "yes"'],
  ["interpolate", { count: 1 }, "count: expected a whole number from 2 to 4294967296, found 1"],
  ["interpolate", { count: undefined }, "count: expected a whole number from 2"],
  ["interpolate", { seed: 3 }, 'unknown key "seed"'],
  ["interpolate", { eta: 1 }, 'unknown key "eta"'],
  ["interpolate", { from: { category: "cat", seed: -1 } }, "from.seed: expected a whole number from 0"],
  ["interpolate", { from: { category: "cat", seed: 1, index: 0.5 } }, "from.index: expected a whole number"],
  ["interpolate", { to: { category: "cat", sketch: {} } }, "to.sketch.strokes: expected an array of strokes"],
  ["interpolate", { to: { seed: 3 } }, "to.category: expected string"],
  ["interpolate", { to: undefined }, "to: expected object"],
];

test.each(cases)("%s with %j is refused in the same words by every door", async (way, over, expected) => {
  const [first, ...others] = await refusals(way, over);
  expect(first).toContain(expected);
  for (const other of others) expect(other).toBe(first);
});

test("no request at all is refused too", async () => {
  for (const way of ways)
    await expect(
      (async () => collect(methodOf(openSessionOfPage(model, idle), way)(undefined as never)))(),
    ).rejects.toThrow(`${way}: the whole: expected object, found nothing`);
});

test("whatever is asked for, garbage is refused by name or drawn in finite numbers", async () => {
  const values = fc.oneof(fc.anything(), fc.double(), fc.integer());
  const known = fc.record(
    Object.fromEntries(
      ["category", "count", "seed", "steps", "guidance", "sampler", "eta", "strokes", "sketch"].map((key) => [
        key,
        values,
      ]),
    ),
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ways), known, async (way, over) => {
      const drawing = (async () =>
        collect(methodOf(openSessionOfPage(model, idle), way)({ ...requests[way], ...over } as never)))();
      const error: unknown = await drawing.catch((reason) => reason);
      // What is accepted goes on to be computed.
      if (error instanceof UserError || Array.isArray(error)) return;
      expect(error).toEqual(new Error("compiled"));
    }),
    { numRuns: 300 },
  );
});

describe("threads and devices", () => {
  test.each([100_000, -1, 1.5, Number.NaN])(
    "%s threads are refused, with the most there can be",
    async (threads) => {
      const message = /threads: expected a whole number from 0 to \d+, found/;
      expect(() => openSession(model, { threads })).toThrow(message);
      await expect(collect(sample(model, { category: "cat", threads }))).rejects.toThrow(message);
      await expect(openClassifier(undefined, { threads })).rejects.toThrow(message);
      await expect(compile({}, { threads })).rejects.toThrow(message);
    },
  );

  test("a device that does not exist is refused", () => {
    expect(() => openSession(model, { device: "gpu" as never })).toThrow(
      'device: expected one of "cpu"|"webgpu"|"cuda"|"coreml"|"dml", found "gpu"',
    );
  });
});
