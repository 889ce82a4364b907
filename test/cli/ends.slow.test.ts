import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { shellQuoted } from "../../src/cli/shell.ts";
import { toNdjson } from "../../src/families/ndjson.ts";
import { saveModel } from "../../src/node/model.ts";
import { sample } from "../../src/node/sample.ts";
import { toSvg } from "../../src/render/svg.ts";
import { untrained } from "../families/tiny-model.ts";
import { small } from "../training/tiny.ts";
import { COMMAND, environment, start } from "./cizgi.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-ends-"));
afterAll(() => rmSync(folder, { recursive: true }));
const place = (...names: string[]) => join(folder, ...names);

const model = untrained();
beforeAll(() => saveModel(place("model"), model));
/** More drawings than any test waits for. */
const MANY = 200_000;
const drawing = (...args: string[]) => ["sample", "cat", "--model", "model", "--steps", "1", ...args];
const many = (...args: string[]) => drawing("--count", String(MANY), ...args);

/** The first lines that a request for many drawings writes. */
async function firstLines(count: number): Promise<string> {
  const sketches = await collect(sample(model, { category: "cat", count, steps: 1 }));
  return sketches.map(toNdjson).join("");
}

const DEVICE = "/dev/full";
const FULL = "the disk is full; free some space or choose another place";

/** Runs the command with a stream that takes nothing. */
async function intoFull(stream: "stdout" | "stderr", args: readonly string[]) {
  const full = openSync(DEVICE, "w");
  const [node, ...words] = COMMAND;
  const stdio =
    stream === "stdout" ? (["ignore", full, "pipe"] as const) : (["ignore", "pipe", full] as const);
  const child = spawn(node, [...words, ...args], {
    cwd: folder,
    env: environment(folder),
    stdio: [...stdio],
  });
  closeSync(full);
  let said = "";
  for (const readable of [child.stdout, child.stderr])
    readable?.on("data", (chunk) => {
      said += chunk;
    });
  const [code] = await once(child, "close");
  return { code, said };
}

describe.skipIf(!existsSync(DEVICE)).concurrent("a full disk is one line and exit code 1", () => {
  test.each([
    ["lines", "ndjson"],
    ["a picture", "svg"],
  ])("as --out, of %s", async (_, format) => {
    const args = drawing("--count", "9", "--quiet", "--out", DEVICE, "--format", format);
    const { code, stdout, stderr } = await start(folder, args).finished;
    expect({ code, stdout: String(stdout), stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: `error: cannot write ${DEVICE}: ${FULL}\n`,
    });
  });

  test.each([
    ["drawings", many("--quiet", "--out", "-", "--format", "ndjson")],
    ["a picture", drawing("--quiet", "--out", "-")],
    ["a result", drawing("--quiet", "--out", "result.svg")],
    ["the help", ["--help"]],
  ])("as stdout, of %s", async (_, args) => {
    expect(await intoFull("stdout", args)).toEqual({
      code: 1,
      said: `error: cannot write to stdout: ${FULL}\n`,
    });
  });

  test("as stderr, after the work is done", async () => {
    const finished = await intoFull("stderr", drawing("--out", "unsaid.svg"));
    expect(finished).toEqual({ code: 1, said: "unsaid.svg\n" });
    expect(readFileSync(place("unsaid.svg"), "utf8")).toMatch(/<\/svg>\n$/);
  });
});

describe.concurrent("progress that nobody reads does not end the work", () => {
  test("of a drawing", async () => {
    const { child, finished } = start(folder, drawing("--count", "40", "--out", "unread.ndjson"));
    child.stderr.destroy();
    const { code, stdout } = await finished;
    expect({ code, stdout: String(stdout) }).toEqual({ code: 0, stdout: "unread.ndjson\n" });
    expect(readFileSync(place("unread.ndjson"), "utf8")).toBe(await firstLines(40));
  });

  test("of a training", async () => {
    writeFileSync(place("tiny.json"), JSON.stringify({ ...small, epochs: 1 }));
    const { child, finished } = start(folder, ["train", "--config", "tiny.json", "--out", "run"]);
    child.stderr.once("data", () => child.stderr.destroy());
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(String(stdout)).toContain("Look at run/overview.png");
    expect(existsSync(place("run/model/model.safetensors"))).toBe(true);
  });

  test("nor one that is closed from the start", async () => {
    const [node, ...words] = COMMAND;
    const command = [...words, ...drawing("--out", "closed.svg")];
    const child = spawn("sh", ["-c", 'exec "$@" 2>&-', "sh", node, ...command], {
      cwd: folder,
      env: environment(folder),
    });
    expect(await once(child, "close")).toEqual([0, null]);
    expect(readFileSync(place("closed.svg"), "utf8")).toMatch(/<\/svg>\n$/);
  });
});

test("a terminal that vanishes does not end the work of one who outlives it", async (context) => {
  const words = [...COMMAND, ...drawing("--count", "60", "--out", "outlived.ndjson")];
  const [command, code] = [words.map((word) => shellQuoted(word)).join(" "), place("code")];
  const inside = `trap '' HUP; ${command}; echo $? > ${code}`;
  const env = { ...environment(folder), SHELL: "/bin/sh" };
  const terminal = spawn("script", ["-q", "-f", "-c", inside, "/dev/null"], { cwd: folder, env });
  const began = await Promise.race([
    once(terminal.stdout, "data"),
    once(terminal, "error").then(() => undefined),
  ]);
  if (began === undefined) return context.skip("no program called script makes terminals here");
  terminal.kill("SIGKILL");
  while (!existsSync(code) || readFileSync(code, "utf8") === "") await setTimeout(20);
  expect(readFileSync(code, "utf8")).toBe("0\n");
  expect(readFileSync(place("outlived.ndjson"), "utf8")).toBe(await firstLines(60));
});

test("drawings come on stdout as they are done, and a reader that has seen enough ends the work", async () => {
  const { child, finished } = start(folder, many("--quiet", "--out", "-", "--format", "ndjson"));
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  child.stdout.destroy();
  expect(await finished).toMatchObject({ code: 0, stderr: "" });
  expect(`${line}\n`).toBe(await firstLines(1));
});

test.skipIf(process.platform === "win32")("a named pipe is written to as stdout is", async () => {
  execFileSync("mkfifo", [place("pipe")]);
  const { finished } = start(folder, many("--quiet", "--out", "pipe", "--format", "ndjson"));
  const pipe = createReadStream(place("pipe"));
  const [line] = await once(createInterface({ input: pipe }), "line");
  pipe.destroy();
  expect(await finished).toMatchObject({ code: 0 });
  expect(`${line}\n`).toBe(await firstLines(1));
  expect(statSync(place("pipe")).isFIFO()).toBe(true);
});

describe("an interruption keeps the drawings that are done, says how many and exits with 130", () => {
  /** Interrupts a request for many drawings once `begun`; gives what it said. */
  async function interrupted(begun: () => boolean, ...args: string[]): Promise<string> {
    const { child, finished } = start(folder, many(...args));
    while (!begun()) await setTimeout(10);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await finished;
    expect({ code, stdout: String(stdout) }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/^interrupted$/m);
    return stderr;
  }
  /** How many drawings it says it kept. */
  const keptIn = (stderr: string, path: string): number => {
    const [, count] = new RegExp(`^Kept (\\d+) of ${MANY} drawings: ${path}$`, "m").exec(stderr) ?? [];
    return Number(count);
  };
  const unfinished = () =>
    readdirSync(folder).find((name) => /^lines\.ndjson\.\d+\.[\da-f]{8}\.tmp$/.test(name));
  const growing = () => {
    const name = unfinished();
    return name !== undefined && statSync(place(name)).size > 0;
  };

  test("in a file, which takes its name", async () => {
    const kept = keptIn(await interrupted(growing, "--out", "lines.ndjson"), "lines.ndjson");
    expect(kept).toBeGreaterThan(0);
    expect(readFileSync(place("lines.ndjson"), "utf8")).toBe(await firstLines(kept));
    expect(unfinished()).toBeUndefined();
  });

  test("beside a file that was there before, which stays", async () => {
    writeFileSync(place("lines.ndjson"), "all of an earlier time\n");
    const kept = keptIn(await interrupted(growing, "--out", "lines.ndjson"), "lines.ndjson.part");
    expect(readFileSync(place("lines.ndjson.part"), "utf8")).toBe(await firstLines(kept));
    expect(readFileSync(place("lines.ndjson"), "utf8")).toBe("all of an earlier time\n");
    expect(unfinished()).toBeUndefined();
  });

  test("in a folder, one whole file each", async () => {
    const begun = () => existsSync(place("cats/cat-0-3.svg"));
    const kept = keptIn(await interrupted(begun, "--out", "cats/", "--format", "svg"), "cats/");
    const names = Array.from({ length: kept }, (_, index) => `cat-0-${index}.svg`);
    expect(readdirSync(place("cats")).sort()).toEqual(names.sort());
    const sketches = await collect(sample(model, { category: "cat", count: kept, steps: 1 }));
    for (const sketch of sketches)
      expect(readFileSync(place("cats", `cat-0-${sketch.index}.svg`), "utf8")).toBe(toSvg(sketch));
  });

  test("but not of a picture that lacks some", async () => {
    const begun = () => readdirSync(folder).some((name) => name.startsWith("grid.svg."));
    const stderr = await interrupted(begun, "--out", "grid.svg");
    expect(stderr).not.toContain("Kept");
    expect(readdirSync(folder).filter((name) => name.startsWith("grid"))).toEqual([]);
  });
});
