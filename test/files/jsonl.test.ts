import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { appendJsonLine, readJsonLines, truncateJsonLines } from "../../src/files/jsonl.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-jsonl-"));
  path = join(folder, "log.jsonl");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stepBelow = (limit: number) => (value: unknown) =>
  typeof value === "object" && value !== null && "step" in value && Number(value.step) < limit;

describe("a log of JSON lines", () => {
  it("reads back what was appended", async () => {
    const values = [{ step: 0, loss: 1.5 }, { step: 1, note: "çizgi\nline" }, null, 3];
    for (const value of values) await appendJsonLine(path, value);
    expect(await readJsonLines(path)).toEqual(values);
    expect(readFileSync(path, "utf8").split("\n")).toHaveLength(values.length + 1);
  });

  it("keeps every complete line of a log cut anywhere", async () => {
    const values = [{ step: 0 }, { step: 1, word: "üç" }, 12];
    const whole = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        writeFileSync(path, whole.subarray(0, length));
        const complete = [...whole.subarray(0, length)].filter((byte) => byte === 10).length;
        expect(await readJsonLines(path)).toEqual(values.slice(0, complete));
      }),
      { numRuns: 60 },
    );
  });

  it("goes back to a step, so that the resumed run continues the log", async () => {
    for (let step = 0; step < 5; step++) await appendJsonLine(path, { step });
    writeFileSync(path, '{"step":5', { flag: "a" });
    await truncateJsonLines(path, stepBelow(3));
    await appendJsonLine(path, { step: 3 });
    expect(readFileSync(path, "utf8")).toBe('{"step":0}\n{"step":1}\n{"step":2}\n{"step":3}\n');
    await truncateJsonLines(path, stepBelow(0));
    expect(readFileSync(path, "utf8")).toBe("");
  });

  it("drops only the line that was cut off when all are kept", async () => {
    writeFileSync(path, '{"step":0}\n{"st');
    await truncateJsonLines(path, () => true);
    expect(readFileSync(path, "utf8")).toBe('{"step":0}\n');
  });

  it("names the line that is not JSON, and a file that is missing", async () => {
    writeFileSync(path, '{"step":0}\n{"step":\n{"step":2}\n');
    await expect(readJsonLines(path)).rejects.toThrow(UserError);
    await expect(readJsonLines(path)).rejects.toThrow(`${path}:2: expected one JSON value a line`);
    await expect(readJsonLines(join(folder, "none"))).rejects.toThrow("there is no such file");
    await expect(appendJsonLine(join(folder, "none/log"), 1)).rejects.toThrow(UserError);
  });
});
