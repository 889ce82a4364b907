import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, posix, win32 } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { fileName } from "../../src/files/name.ts";

it.each([
  ["cat", "cat"],
  ["hot air balloon", "hot air balloon"],
  ["köpek", "köpek"],
  ["ko\u0308pek", "köpek"],
  ["../../../ESCAPED", "%2E./../../ESCAPED".replaceAll("/", "%2F")],
  ["..", "%2E%2E"],
  [".", "%2E"],
  ["", "%"],
  ["/etc/passwd", "%2Fetc%2Fpasswd"],
  ["C:\\cat", "C%3A%5Ccat"],
  ["a\0b\x1b[2J", "a%00b%1B[2J"],
  ["con", "%63on"],
  ["NUL.txt", "%4EUL.txt"],
  ["com1", "%63om1"],
  ["console", "console"],
  ["cat.", "cat%2E"],
  ["cat ", "cat%20"],
  ["%2F", "%252F"],
  ["\ud800", "%EF%BF%BD"],
  ["safe\u202egnp", "safe%E2%80%AEgnp"],
])("%j becomes %j", (text, name) => expect(fileName(text)).toBe(name));

it("is never a path, nor longer than 200 bytes with its ending, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const name = fileName(text, ".ndjson");
      for (const { join, basename } of [posix, win32]) {
        expect(basename(name)).toBe(name);
        expect(join("out", name)).toBe(`out${join("a", "b")[1]}${name}`);
      }
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(name.endsWith(".ndjson")).toBe(true);
    }),
  );
});

it("gives other texts other names, and the text of a short one back when it is decoded", () => {
  const some = fc.string({ unit: fc.constantFrom(..."a.% /\\:é~2F"), maxLength: 12 });
  fc.assert(
    fc.property(some, (text) => {
      expect(decodeURIComponent(text === "" ? "" : fileName(text))).toBe(text);
    }),
  );
  const [one, other] = ["ş".repeat(200), `${"ş".repeat(199)}ç`];
  expect(fileName(one)).not.toBe(fileName(other));
  expect(fileName(one)).toMatch(/^ş{95}~[0-9a-f]{8}$/);
});

it("can be written, long and strange as the text may be", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-name-"));
  for (const text of ["💐".repeat(100), "../x", "a/b", "a\\b", ".", "", "\n"]) {
    const path = join(folder, fileName(text, ".svg"));
    expect(dirname(path)).toBe(folder);
    writeFileSync(path, "");
    expect(readdirSync(folder)).toContain(basename(path));
  }
  rmSync(folder, { recursive: true });
});
