import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { CATEGORIES } from "../../src/data/catalogue.ts";
import { openSource } from "../../src/data/source.ts";
import { splitLines } from "../../src/data/split.ts";
import { binOf, csvOf, parquetOf } from "../data/read/containers.ts";
import { inkInCells, strokesInCells } from "../render/cells.ts";
import { cizgi, start } from "./cizgi.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-data-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);
const HOSTILE = '{"word":"cat","drawing":[[[0,9],[0,9]]]}\n'.repeat(6);
const run = (...args: string[]) => cizgi(folder, ["data", ...args]);

beforeAll(() => {
  const drawing = (i: number) =>
    JSON.stringify({
      word: "sea turtle",
      drawing: [
        [
          [0, i, 255],
          [i, 0, 9],
        ],
      ],
    });
  const lines = Array.from({ length: 18 }, (_, i) => drawing(i));
  mkdirSync(place("own"));
  writeFileSync(place("own/sea turtle.ndjson"), [...lines, '{"word": "sea tur'].join("\n"));
});

describe.concurrent("cizgi data", () => {
  test("import: drawings of other programs become lines that are read as any data", async () => {
    const svg = (d: string) => `<svg fill="none" stroke="black"><path d="${d}"/><text/></svg>`;
    writeFileSync(place("one.svg"), svg("M0 0H100V1.123456789"));
    writeFileSync(place("two.svg"), `\uFEFF${svg("M0 0L5 5")}`);
    writeFileSync(place("three.ndjson"), '{"word":"worm","drawing":[[[0,0,255],[0,0,9],[0,20,90]]]}\n');
    const out = ["--category", "snail", "--out", "snails/snail.ndjson"];
    const { code, stdout, stderr } = await run("import", "one.svg", "two.svg", "three.ndjson", ...out);
    expect(code, stderr).toBe(0);
    expect(stdout.toString()).toBe("snails/snail.ndjson: 3 drawings of snail\n");
    expect(stderr).toContain("one.svg: 1 <text>, left out");
    const [first, second, third] = readFileSync(place("snails/snail.ndjson"), "utf8").split("\n");
    expect(JSON.parse(first ?? "")).toEqual({
      word: "snail",
      drawing: [
        [
          [0, 100, 100],
          [0, 0, 1.123457],
        ],
      ],
    });
    expect(JSON.parse(second ?? "").drawing).toEqual([
      [
        [0, 5],
        [0, 5],
      ],
    ]);
    expect(JSON.parse(third ?? "").drawing).toEqual([
      [
        [0, 0, 255],
        [0, 0, 9],
        [0, 20, 90],
      ],
    ]);
    const source = await openSource(place("snails"));
    expect(await collect(source.drawings("snail"))).toHaveLength(3);
  });

  test("import: one bad file, and nothing is written", async () => {
    writeFileSync(place("good.svg"), '<svg stroke="black"><path d="M0 0H1"/></svg>');
    writeFileSync(place("bad.svg"), "<svg>\n<path>");
    const { code, stderr } = await run(
      "import",
      "good.svg",
      "bad.svg",
      "--category",
      "x",
      "--out",
      "bad/x.ndjson",
    );
    expect(code).toBe(1);
    expect(stderr).toContain("error: bad.svg:2: expected XML, found: unclosed tag: path");
    expect(existsSync(place("bad/x.ndjson"))).toBe(false);
    const cut = await run("import", "own/sea turtle.ndjson", "--category", "x", "--out", "bad/x.ndjson");
    expect(cut.code).toBe(1);
    expect(cut.stderr).toContain("sea turtle.ndjson: 18 of 19 read, 1 skipped");
    const other = await run("import", "good.svg", "--category", "x", "--out", "x.svg");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('--out takes an .ndjson file, found "x.svg".');
  });

  test("list: all categories, or those of a place", async () => {
    const [all, own, json] = await Promise.all([
      run("list"),
      run("list", "--data", "own"),
      run("list", "--data", "synthetic", "--json"),
    ]);
    expect(String(all.stdout).trimEnd().split("\n")).toEqual([...CATEGORIES]);
    expect(String(own.stdout)).toBe("sea turtle\n");
    expect(JSON.parse(String(json.stdout))).toEqual(["cat", "bus", "rabbit"]);
    expect([all, own, json].map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array.from({ length: 3 }, () => ({ code: 0, stderr: "" })),
    );
  });

  test("fetch: drawings as people have them, and a deep line among good ones", async () => {
    const records = [1, 2, 3].map((n) => ({
      word: "owl",
      key_id: String(n),
      recognized: true,
      drawing: [
        [
          [0, n, 255, 7],
          [n, 0, 9, 8],
        ],
      ],
    }));
    mkdirSync(place("forms"));
    writeFileSync(place("forms/owl.csv"), csvOf(records));
    writeFileSync(place("forms/owl.bin"), binOf(records));
    writeFileSync(place("forms/owl.parquet"), parquetOf(records));
    writeFileSync(place("forms/owl.json"), JSON.stringify(records));
    const lines = records.map((record) => JSON.stringify(record));
    writeFileSync(place("forms/owl.ndjson"), [lines[0], "[".repeat(300_000), lines[1], lines[2]].join("\n"));
    const all = await Promise.all(
      ["csv", "bin", "parquet", "json", "ndjson"].map((form) =>
        run("fetch", "owl", "--data", `forms/owl.${form}`),
      ),
    );
    for (const { code, stdout } of all) {
      expect(String(stdout)).toBe("owl: 3 drawings, 1.0 strokes and 4.0 points each on average\n");
      expect(code).toBe(0);
    }
    const [deep, ...others] = all.map(({ stderr }) => stderr).reverse();
    expect(deep).toContain("owl: 3 of 4 read, 1 skipped\n  nested too deeply: 1 (2:");
    for (const said of others) expect(said).not.toContain("skipped");
  });

  test("a pipe as --data is refused in one line", async () => {
    const { child, finished } = start(folder, ["data", "list", "--data", "/dev/stdin"]);
    child.stdin.end("{}");
    const { code, stderr } = await finished;
    expect(stderr).toMatch(/^[^\n]*\/dev\/stdin is a pipe or device[^\n]*\n$/);
    expect(code).toBe(1);
  });

  test("fetch: what was read, in words and as JSON; what was skipped, on stderr", async () => {
    const [words, json] = await Promise.all([
      run("fetch", "Sea_Turtle", "--data", "own"),
      run("fetch", "cat", "bus", "--data", "synthetic", "--limit", "10", "--json", "--quiet"),
    ]);
    expect(String(words.stdout)).toBe(
      "sea turtle: 18 drawings, 1.0 strokes and 3.0 points each on average\n",
    );
    expect(words.stderr).toMatch(/sea turtle: 18 of 19 read, 1 skipped\n {2}cut off last line: 1/);
    const lines = String(json.stdout).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { category: "cat", drawings: 10, source: "synthetic" },
      { category: "bus", drawings: 10, source: "synthetic" },
    ]);
    expect(json.stderr).toBe("");
    expect([words.code, json.code]).toEqual([0, 0]);
  });

  test("split: the seed's rule, counting every line, whatever is in it", async () => {
    const { code, stdout } = await run("split", "sea turtle", "--data", "own", "--out", "subset");
    const path = "subset/sea turtle/indices.json";
    expect(String(stdout)).toBe(`${path}: 16 for training, 3 held out\n`);
    const expected = splitLines([{ category: "sea turtle", total: 19 }]).get("sea turtle");
    expect(JSON.parse(readFileSync(place(path), "utf8"))).toEqual(expected);
    expect(code).toBe(0);
  });

  test("split: a folder that cannot be written to is refused before anything is read", async () => {
    const { code, stderr } = await run(
      "split",
      "sea turtle",
      "--data",
      "own",
      "--out",
      "own/sea turtle.ndjson",
    );
    expect(stderr).toBe(
      "error: cannot write into the folder own/sea turtle.ndjson: a file of that name is in the way; remove it or choose another place\n",
    );
    expect(code).toBe(1);
  });

  test("split: writes nowhere but into --out, whatever the files are called", async () => {
    mkdirSync(place("deep/er/data"), { recursive: true });
    const names = ["a%2f..%2f..%2f..%2fESCAPED", "%2e%2e", "nul", "cat.%2e", "%2ftmp%2fx", "ş".repeat(110)];
    for (const name of names) writeFileSync(place("deep/er/data", `${name}.ndjson`), HOSTILE);
    const { code, stderr } = await cizgi(place("deep/er"), "data split all --data data --out out".split(" "));
    expect(code, stderr).toBe(0);
    expect(readdirSync(place("deep"))).toEqual(["er"]);
    expect(readdirSync(place("deep/er")).sort()).toEqual(["data", "out"]);
    const written = readdirSync(place("deep/er/out"));
    expect(written).toHaveLength(names.length);
    expect(written).toContain("a%2F..%2F..%2F..%2Fescaped");
    for (const name of written) expect(readdirSync(place("deep/er/out", name))).toEqual(["indices.json"]);
  });

  test("show: a picture of the first drawings", async () => {
    const { code, stdout } = await run(
      "show",
      "rabbit",
      "--data",
      "synthetic",
      "--limit",
      "6",
      "--out",
      "new/rabbits.svg",
    );
    expect(String(stdout)).toBe("new/rabbits.svg\n");
    const svg = readFileSync(place("new/rabbits.svg"), "utf8");
    const rabbits = await collect((await openSource("synthetic")).drawings("rabbit", { limit: 6 }));
    expect(strokesInCells(svg)).toEqual(rabbits.map(({ sketch }) => sketch.strokes.length));
    expect(svg).toContain("rabbit");
    expect(svg).toContain("6 drawings from synthetic");
    expect(code).toBe(0);
    expect((await run("show", "sea turtle", "--data", "own", "--quiet")).stderr).toBe("");
    expect(inkInCells(readFileSync(place("drawings.png")))).toEqual(Array.from({ length: 18 }, () => true));
  });

  test("says so where drawings are its own, because the bucket is out of reach", async () => {
    const { code, stderr } = await run("fetch", "cat", "--limit", "3");
    expect(stderr).toMatch(/Drawings are SYNTHETIC, .*http:\/\/127\.0\.0\.1:9 is out of reach/);
    expect(code).toBe(0);
  });

  test("shows what files are called without letting a terminal obey it", async () => {
    mkdirSync(place("loud"));
    for (const name of ["cat.ndjson", "\x1bcat\x07.ndjson", "\x1b]0;mine\x07.ndjson"])
      writeFileSync(place("loud", name), `\x1b[31m\n${HOSTILE}`);
    const { code, stdout, stderr } = await run("fetch", "all", "--data", "loud");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("cat: 2 files are read as one: \\u001bcat\\u0007.ndjson, cat.ndjson.");
    expect(stderr + stdout).not.toMatch(/[^\P{Cc}\t\n]/u);
  });

  test.each([
    [["list", "--data", "no\x1b[2Jwhere"], 1, "cannot read drawings from no\\u001b[2Jwhere: there is no"],
    [["fetch", "sea tortle", "--data", "own"], 1, 'Did you mean "sea turtle"?'],
    [["fetch", "rabit"], 1, 'Quick, Draw! has no category "rabit". Did you mean "rabbit"?'],
    [["list", "--data", "nowhere"], 1, "cannot read drawings from nowhere: there is no such file or folder"],
    [
      ["show", "cat", "--data", "synthetic", "--out", "cat.gif"],
      2,
      '--out takes a .png or .svg file, found "cat.gif"',
    ],
    [["fetch", "cat", "--limit", "0"], 2, "--limit: expected a whole number of at least 1, found 0"],
  ])("%j is refused with exit code %i", async (args, expected, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m); // no stack
    expect({ code, stdout: String(stdout) }).toEqual({ code: expected, stdout: "" });
  });
});
