import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const documents = [
  "README.md",
  "README.tr.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "notebooks/README.md",
].concat(
  readdirSync("models").map((name) => join("models", name, "README.md")),
  readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
);
const read = (path: string): string => readFileSync(path, "utf8");

describe("the documents", () => {
  it.each(documents)("%s: every link to a file leads there", (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, link]) => link);
    expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });

  it("the two READMEs show the same commands and programs", () => {
    const blocks = (path: string) =>
      [...read(path).matchAll(/^```\w+\n(.*?)^```/gms)].map(([, text]) => text.replaceAll(/ +# .*$/gm, ""));
    expect(blocks("README.tr.md")).toEqual(blocks("README.md"));
  });

  it("the scripts that they name exist", () => {
    const scripts = ["package.json", "notebooks/package.json"].flatMap((path) =>
      Object.keys(JSON.parse(read(path)).scripts),
    );
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run ([\w-]+(?::[\w-]+)*)/g)].map(([, name]) => name),
    );
    expect([...new Set(named)].filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it("the picture of the rooms has every room", () => {
    const picture = read("docs/pictures/rooms.svg");
    const rooms = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.filter(({ name }) => !picture.includes(`>${name}</text>`))).toEqual([]);
  });
});
