import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellQuoted } from "../../src/cli/shell.ts";

/** The words that a POSIX shell makes of a command. */
const wordsOf = (command: string): string[] =>
  execFileSync("sh", ["-c", `for word in ${command}; do printf '%s\\0' "$word"; done`], { encoding: "utf8" })
    .split("\0")
    .slice(0, -1);

test.skipIf(process.platform === "win32")("a shell takes any quoted words for what they are", () => {
  const word = fc.oneof(
    fc.string({ minLength: 1, unit: "grapheme" }),
    fc.string({ minLength: 1, unit: fc.constantFrom(..."ab '\"\\$`!*?~#&;|<>(){}[]=%^\t\n-") }),
  );
  const words = fc
    .array(word, { minLength: 1, maxLength: 20 })
    .map((all) => all.map((w) => w.replaceAll("\0", "0")));
  fc.assert(
    fc.property(words, (all) => {
      expect(wordsOf(all.map((each) => shellQuoted(each)).join(" "))).toEqual(all);
    }),
    { numRuns: 40 },
  );
});

test("plain words stay as they are, others are quoted as each system wants", () => {
  for (const word of ["runs/birds", "köpek", "a,b", "./-x_1.0"])
    expect(shellQuoted(word, "linux")).toBe(word);
  expect(shellQuoted("hot air balloon", "linux")).toBe("'hot air balloon'");
  expect(shellQuoted("it's mine", "linux")).toBe("'it'\\''s mine'");
  expect(shellQuoted("~", "linux")).toBe("'~'");
  expect(shellQuoted("", "linux")).toBe("''");
  expect(shellQuoted("C:\\runs\\my birds", "win32")).toBe('"C:\\runs\\my birds"');
  expect(shellQuoted("C:\\runs\\birds", "win32")).toBe("C:\\runs\\birds");
});
