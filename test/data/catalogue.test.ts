import { existsSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { CATEGORIES, fileNames, plainName, requireCategory } from "../../src/data/catalogue.ts";
import { findCategories, turkishNames } from "../../src/data/other-names.ts";

const shared = new URL("../../../shared/quickdraw/simplified/", import.meta.url);
if (!existsSync(shared)) console.warn("skipped: the catalogue against real files (../shared is missing)");

describe("the catalogue", () => {
  it("has 345 names, sorted, each once", () => {
    expect(CATEGORIES).toHaveLength(345);
    expect([...new Set(CATEGORIES)].sort()).toEqual(CATEGORIES);
    for (const name of CATEGORIES) expect(name).toMatch(/^[a-z]+( [a-z]+)*$/);
  });

  it.skipIf(!existsSync(shared))("names exactly the files of the data set", () => {
    expect(readdirSync(shared).sort()).toEqual(CATEGORIES.map((name) => `${name}.ndjson`).sort());
  });

  it.each([
    ["cat", "cat"],
    [" Cat", "cat"],
    ["wine_bottle", "wine bottle"],
    ["wine%20bottle", "wine bottle"],
    ["WINE-BOTTLE", "wine bottle"],
    ["t-shirt", "t shirt"],
    ["The Eiffel Tower", "the eiffel tower"],
  ])("knows %j as %j", (name, canonical) => expect(requireCategory(name)).toBe(canonical));

  it.each([
    ["kedi", "cat"],
    ["KEDİ", "cat"],
    ["tavşan", "rabbit"],
    ["TAVSAN", "rabbit"],
    ["sıcak_hava_balonu", "hot air balloon"],
    ["diş macunu", "toothpaste"],
    ["hortum", "tornado"],
    ["zikzak", "zigzag"],
    ["sofa", "couch"],
    ["Eiffel Tower", "the eiffel tower"],
    ["TV", "television"],
  ])("understands %j as %j", (name, canonical) => expect(requireCategory(name)).toBe(canonical));

  it("has a Turkish name for every category, each of its own, and none that is another's English one", () => {
    const names = turkishNames(CATEGORIES);
    expect(names.size).toBe(345);
    expect([...names.values()]).toEqual(CATEGORIES);
    for (const [name, category] of names) {
      expect(requireCategory(name), name).toBe(category);
      expect(requireCategory(name.toLocaleUpperCase("tr")), name).toBe(category);
    }
    for (const category of CATEGORIES) expect(requireCategory(category)).toBe(category);
  });

  it("suggests Turkish names too, of what there is", () => {
    expect(() => requireCategory("tavşn")).toThrow('Did you mean "tavşan"?');
    expect(() => requireCategory("kedi", ["bus"])).toThrow('has no category "kedi". It has bus.');
  });

  it("suggests the nearest name for one it does not know", () => {
    expect(() => requireCategory("rabit")).toThrow(UserError);
    expect(() => requireCategory("rabit")).toThrow('has no category "rabit". Did you mean "rabbit"?');
    expect(() => requireCategory("100%")).toThrow('has no category "100%"');
    expect(() => requireCategory("dog", ["Cat", "bus"], "/data")).toThrow(
      '/data has no category "dog". It has Cat, bus.',
    );
  });

  it.each([
    ["ko\u0308pek", ["köpek"], "köpek"],
    ["köpek", ["ko\u0308pek"], "ko\u0308pek"],
    ["iğdır", ["IĞDIR"], "IĞDIR"],
    ["ığdır", ["IĞDIR"], "IĞDIR"],
    ["IĞDIR", ["iğdır", "cat"], "iğdır"],
    ["istanbul", ["İSTANBUL"], "İSTANBUL"],
    ["İstanbul", ["i\u0307stanbul"], "i\u0307stanbul"],
    ["ISTANBUL", ["istanbul"], "istanbul"],
    ["sicak", ["sıcak"], "sıcak"],
    ["sicak", ["sıcak", "sicak"], "sicak"],
    ["CAFÉ", ["cafe\u0301"], "cafe\u0301"],
    ["が", ["か", "か\u3099"], "か\u3099"],
    ["salt%2C pepper", ["salt, pepper"], "salt, pepper"],
  ])("finds %j among %j", (name, known, found) => expect(requireCategory(name, known)).toBe(found));

  it("asks which one is meant where several are", () => {
    expect(() => requireCategory("SICAK", ["sıcak", "sîcak"], "here")).toThrow(
      'here has sıcak, sîcak: "SICAK" may be any of them; write it as one of them is.',
    );
  });

  it("says how a name with a comma is asked for", () => {
    expect(() => requireCategory("salt", ["salt, pepper"])).toThrow(
      "A comma inside of a name is written %2C.",
    );
  });

  it("leaves out of a plain name what a terminal would obey", () => {
    expect(plainName("a%1b%5b2Jb\u202ec\u0007\ud800")).toBe("a [2jb c");
  });

  it("spells a name as the given list does", () => expect(requireCategory("cat", ["Cat"])).toBe("Cat"));

  it("knows the five files that the bucket spells otherwise", () => {
    expect(fileNames("t shirt")).toEqual(["t shirt", "t-shirt"]);
    expect(CATEGORIES.filter((name) => fileNames(name).length > 1)).toHaveLength(5);
  });
});

describe("a search", () => {
  it.each([
    ["kedi", ["cat"]],
    ["KED", ["cat"]],
    ["balo", ["hot air balloon"]],
    ["balon", ["hot air balloon"]],
    ["sofa", ["couch"]],
    ["pizza", ["pizza"]],
    ["xyzzy", []],
  ])("for %j finds %j", (query, found) => expect(findCategories(query, CATEGORIES)).toEqual(found));

  it("puts the name itself before names that begin with it, and those before names that have it inside", () => {
    const found = findCategories("car", CATEGORIES);
    expect(found[0]).toBe("car");
    expect(found.indexOf("carrot")).toBeLessThan(found.indexOf("police car"));
  });

  it("puts what is spelled with the same accents first", () => {
    expect(findCategories("kö", CATEGORIES).slice(0, 3)).toEqual(["bridge", "dog", "shark"]);
  });

  it("for nothing finds everything", () => expect(findCategories(" ", CATEGORIES)).toEqual(CATEGORIES));
});
