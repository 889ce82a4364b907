import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveModel } from "../../src/node/model.ts";
import { tinyTraining } from "../classifier/tiny-classifier.ts";
import { untrained } from "../families/tiny-model.ts";
import { small } from "../training/tiny.ts";
import { cizgi, start } from "./cizgi.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-one-writer-"));
afterAll(() => rmSync(root, { recursive: true }));
const place = (...names: string[]) => join(root, ...names);
const modelOf = (run: string) => readFileSync(place(run, "model", "model.safetensors"));
/** Of the lines that are there whole: it may be looked at while one is written. */
const stepsOf = (run: string): number[] =>
  readFileSync(place(run, "log.jsonl"), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line).step);

beforeAll(async () => {
  await saveModel(place("teacher"), untrained({ network: { points: 48 } }));
  writeFileSync(place("tiny.json"), JSON.stringify(small));
  writeFileSync(place("classifier.json"), JSON.stringify(tinyTraining));
});

describe("two processes that train in one folder at the same moment", () => {
  const train = (...args: string[]) => ["train", "--config", "tiny.json", "--quiet", ...args];
  beforeAll(async () => {
    const { code } = await cizgi(root, train("--out", "alone"));
    expect(code).toBe(0);
  });

  test("one does, whole and alone; the other is refused and names it", async () => {
    const runs = [start(root, train("--out", "both")), start(root, train("--out", "both"))];
    const ended = await Promise.all(runs.map(({ finished }) => finished));
    const winner = ended.findIndex(({ code }) => code === 0);
    const { code, stderr } = ended[1 - winner];
    expect({ winner, code }).toEqual({ winner: expect.any(Number), code: 1 });
    expect(stderr).toMatch(
      new RegExp(
        `^error: both is in use by process ${runs[winner].child.pid} on ${hostname()} since \\S+Z; wait for its end or choose another --out\\.\n$`,
      ),
    );
    expect(modelOf("both").equals(modelOf("alone"))).toBe(true);
    expect(stepsOf("both")).toEqual(stepsOf("alone"));
    expect(existsSync(place("both", "cizgi.lock"))).toBe(false);
  });

  test("the same for two that resume, after a kill that left the lock", async () => {
    const { child, finished } = start(root, train("--out", "killed", "--checkpoint-every", "1"));
    while (!existsSync(place("killed", "log.jsonl")) || stepsOf("killed").length < 3) await setTimeout(5);
    child.kill("SIGKILL");
    await finished;
    expect(JSON.parse(readFileSync(place("killed", "cizgi.lock"), "utf8"))).toMatchObject({ pid: child.pid });
    const resume = ["train", "--resume", "--out", "killed", "--quiet"];
    const ended = await Promise.all([cizgi(root, resume), cizgi(root, resume)]);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ended.map(({ stderr }) => stderr).join("")).toMatch(/^error: killed is in use by process \d+ on/);
    expect(modelOf("killed").equals(modelOf("alone"))).toBe(true);
    expect(stepsOf("killed")).toEqual(stepsOf("alone"));
  });

  test("--dry-run takes no lock and heeds none", async () => {
    mkdirSync(place("locked"));
    const lock = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    writeFileSync(place("locked", "cizgi.lock"), JSON.stringify(lock));
    const { code } = await cizgi(root, train("--out", "locked", "--dry-run"));
    expect(code).toBe(0);
    expect(readdirSync(place("locked"))).toEqual(["cizgi.lock"]);
  });
});

test("every command that fills a folder leaves one alone that another process is filling", async () => {
  const lock = JSON.stringify({ pid: 7, host: "elsewhere", since: "2026-01-02T03:04:05Z" });
  const data = ["--data", "synthetic"];
  for (const args of [
    ["train", ...data],
    ["distil", ...data, "--teacher", "teacher"],
    ["classifier", "train", "--config", "classifier.json"],
    ["evaluate", "--model", "teacher", "--real", "synthetic"],
    ["export", "--model", "teacher", "--onnx"],
    ["start"],
  ]) {
    const out = `taken-by-${args[0]}`;
    mkdirSync(place(out));
    writeFileSync(place(out, "cizgi.lock"), lock);
    const { code, stderr } = await cizgi(root, [...args, "--out", out]);
    expect(stderr).toContain(
      `error: ${out} is in use by process 7 on elsewhere since 2026-01-02T03:04:05Z (another machine: whether it still runs cannot be seen from here; if not, remove ${join(out, "cizgi.lock")}); wait for its end or choose another --out.\n`,
    );
    expect({ args, code, left: readdirSync(place(out)) }).toEqual({ args, code: 1, left: ["cizgi.lock"] });
  }
});
