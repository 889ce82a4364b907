import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UsageError } from "../../src/base/errors.ts";
import { settingsOf, valueAt, withSettings } from "../../src/base/settings.ts";

const shared = { epochs: z.number(), seed: z.number() };
/** Two sections of the same kind, a key with another name, and keys that are no settings. */
const schema = z.strictObject({
  origin: z.strictObject({ command: z.string() }).optional().meta({ setting: "" }),
  data: z.strictObject({ source: z.string().meta({ setting: "data" }), names: z.array(z.string()) }),
  network: z.strictObject({
    points: z.number().describe("how many"),
    told: z.number().meta({ setting: "" }),
  }),
  optimisation: z.strictObject({
    first: z.strictObject({ width: z.number(), ...shared }),
    second: z.strictObject({ ...shared, depth: z.number() }),
  }),
});
const config = {
  data: { source: "here", names: ["cat"] },
  network: { points: 48, told: 4 },
  optimisation: { first: { width: 1, epochs: 2, seed: 3 }, second: { epochs: 4, seed: 5, depth: 6 } },
};

describe("the settings of a configuration", () => {
  test("are its keys by their names, in their order, each with all its places", () => {
    expect(settingsOf(schema).map(({ name, paths }) => [name, paths.map((path) => path.join("."))])).toEqual([
      ["data", ["data.source"]],
      ["names", ["data.names"]],
      ["points", ["network.points"]],
      ["width", ["optimisation.first.width"]],
      ["epochs", ["optimisation.first.epochs", "optimisation.second.epochs"]],
      ["seed", ["optimisation.first.seed", "optimisation.second.seed"]],
      ["depth", ["optimisation.second.depth"]],
    ]);
  });

  test("keep their schemas, which say what they mean", () => {
    const points = settingsOf(schema).find(({ name }) => name === "points");
    expect(points?.schema).toBe(schema.shape.network.shape.points);
    expect(points?.schema.description).toBe("how many");
  });
});

test("the value at a path is what stands there, or nothing", () => {
  expect(valueAt(config, ["optimisation", "second", "depth"])).toBe(6);
  expect(valueAt(config, [])).toBe(config);
  for (const path of [
    ["network", "width"],
    ["nothing", "at", "all"],
    ["data", "source", "length"],
    ["data", "names", "0"],
  ])
    expect(valueAt(config, path)).toBeUndefined();
  for (const value of [undefined, null, 3, "text", []]) expect(valueAt(value, ["length"])).toBeUndefined();
});

describe("a configuration with settings changed", () => {
  const settings = settingsOf(schema);
  const setting = fc.constantFrom(...settings);
  const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.string()), fc.constant(null));
  const names = settings.map(({ name }) => name);

  test("by name: has the value in every place of the setting, and is the same elsewhere", () => {
    fc.assert(
      fc.property(setting, value, ({ name, paths }, changedTo) => {
        const before = structuredClone(config);
        const changed = withSettings(schema, config, { [name]: changedTo });
        for (const path of paths) expect(valueAt(changed, path)).toEqual(changedTo);
        for (const other of settings.filter((one) => one.name !== name))
          for (const path of other.paths) expect(valueAt(changed, path)).toEqual(valueAt(config, path));
        expect(valueAt(changed, ["network", "told"])).toBe(4);
        expect(config).toEqual(before);
      }),
    );
  });

  test("by section: is the same as by name, for settings of one place", () => {
    const single = fc.constantFrom(...settings.filter(({ paths }) => paths.length === 1));
    fc.assert(
      fc.property(single, value, ({ name, paths: [path] }, changedTo) => {
        const bySection = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), changedTo);
        expect(withSettings(schema, config, bySection as Record<string, unknown>)).toEqual(
          withSettings(schema, config, { [name]: changedTo }),
        );
      }),
    );
  });

  test("several at once: the order of different settings does not matter", () => {
    const changes = fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
    fc.assert(
      fc.property(changes, (some) => {
        const backwards = Object.fromEntries(Object.entries(some).reverse());
        expect(withSettings(schema, config, some)).toEqual(withSettings(schema, config, backwards));
      }),
    );
  });

  test("by name and by section: what comes later counts, so that one of two stages can differ", () => {
    const changes = { epochs: 9, optimisation: { second: { epochs: 8 } } };
    expect(withSettings(schema, config, changes)).toEqual({
      ...config,
      optimisation: {
        first: { ...config.optimisation.first, epochs: 9 },
        second: { ...config.optimisation.second, epochs: 8 },
      },
    });
  });

  test("from nothing: has the sections of what is given", () => {
    expect(withSettings(schema, {}, { data: "there", epochs: 1 })).toEqual({
      data: { source: "there" },
      optimisation: { first: { epochs: 1 }, second: { epochs: 1 } },
    });
  });

  test("a setting whose name is a section's is told from it by what it is given", () => {
    expect(withSettings(schema, config, { data: "there" })).toEqual(
      withSettings(schema, config, { data: { source: "there" } }),
    );
  });

  test.each([
    [{ pointz: 1 }, 'unknown key "pointz". Did you mean "points"?'],
    [{ source: "there" }, 'unknown key "source".'],
    [{ told: 1 }, 'unknown key "told".'],
    [{ origin: { command: "train" } }, 'unknown key "origin".'],
    [{ network: 3 }, 'unknown key "network".'],
    [JSON.parse('{ "__proto__": { "points": 1 } }'), 'unknown key "__proto__".'],
    [{ constructor: 1 }, 'unknown key "constructor".'],
  ])("%j is refused", (changes, expected) => {
    expect(() => withSettings(schema, config, changes)).toThrow(UsageError);
    expect(() => withSettings(schema, config, changes)).toThrow(expected);
    expect(() => withSettings(schema, config, changes, "my.json")).toThrow(`my.json: ${expected}`);
  });

  test("any slip of one letter names a setting that is one letter away", () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.constantFrom("x", "_", "é"), (name, at, letter) => {
        const place = at % name.length;
        const slip = name.slice(0, place) + letter + name.slice(place + 1);
        expect(() => withSettings(schema, config, { [slip]: 1 })).toThrow(`Did you mean "${name}"?`);
      }),
    );
  });
});
