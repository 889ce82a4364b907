import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable, withoutPasswords } from "../../src/base/printable.ts";

describe("what a terminal would obey", () => {
  it.each([
    ["\x1b[2J", "\\u001b[2J"],
    ["bell\x07", "bell\\u0007"],
    ["over\rwritten", "over\\u000dwritten"],
    ["\x9b31m", "\\u009b31m"],
    ["\x7f", "\\u007f"],
    ["safe\u202egnp.exe", "safe\\u202egnp.exe"],
    ["\u2066a\u2069", "\\u2066a\\u2069"],
    ["a\0b", "a\\u0000b"],
    ["two\nlines\tand a tab", "two\nlines\tand a tab"],
    ["köpek 犬 👨‍👩‍👧 – “…”", "köpek 犬 👨‍👩‍👧 – “…”"],
  ])("%j is shown as %j", (text, shown) => expect(printable(text)).toBe(shown));

  it("is nowhere in what is shown, and JSON stays the same value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[^\P{Cc}\t\n]|[\u202a-\u202e]/u);
        expect(JSON.parse(printable(JSON.stringify([text])))).toEqual([withoutPasswords(text)]);
      }),
    );
  });
});

it.each([
  ["http://user:secret@host/x", "http://***@host/x"],
  ["error: HTTPS://u:p%40@host:80 and ftp://token@host", "error: HTTPS://***@host:80 and ftp://***@host"],
  ["http://user:se/cret@host", "http://***@host"],
  ["http://user:se@cret@host", "http://***@host"],
  ["http:/user:secret@host", "http:/***@host"],
  ["http:\\\\user:secret@host", "http:\\\\***@host"],
  ["http://host:8080/cat@2x.ndjson", "http://host:8080/cat@2x.ndjson"],
  ["mail a@b.c of http://host/", "mail a@b.c of http://host/"],
  ["C:\\cats\\a@b", "C:\\cats\\a@b"],
])("%j without passwords is %j", (text, shown) => expect(withoutPasswords(text)).toBe(shown));
