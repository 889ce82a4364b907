import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { benchCommand } from "../../src/cli/commands/bench.ts";
import { classifierCommand } from "../../src/cli/commands/classifier.ts";
import { compareCommand } from "../../src/cli/commands/compare.ts";
import { dataCommand } from "../../src/cli/commands/data.ts";
import { distilCommand } from "../../src/cli/commands/distil.ts";
import { evaluateCommand } from "../../src/cli/commands/evaluate.ts";
import { exportCommand } from "../../src/cli/commands/export.ts";
import { sampleCommand } from "../../src/cli/commands/sample.ts";
import { startCommand } from "../../src/cli/commands/start.ts";
import { teachCommand } from "../../src/cli/commands/teach.ts";
import { trainCommand } from "../../src/cli/commands/train.ts";
import { tinyTraining } from "../classifier/tiny-classifier.ts";
import { environment, start } from "../cli/cizgi.ts";
import { writeDrawings } from "../cli/drawings.ts";
import { COMPILED } from "../compile.ts";
import { onnxBytes } from "../metrics/image-network/onnx-file.ts";
import { small } from "../training/tiny.ts";
import { NOT_RUN } from "./not-run.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-commands-"));
afterAll(() => rmSync(root, { recursive: true }));
// On a busy machine; together they take two minutes on two idle cores.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000, maxConcurrency: 2 });
const place = (...names: string[]) => join(root, ...names);

/** Words after which a command says the same as one without them. */
const plain = (command: string): string => command.trim().replace(/^npx /, "");

/** The commands of a document's blocks of shell, without prompts and comments. */
function commandsOf(document: string): string[] {
  const blocks = readFileSync(document, "utf8").matchAll(/^```(sh|console)\n(.*?)^```/gms);
  return [...blocks].flatMap(([, language, text]) => {
    const lines = text.split("\n");
    const typed = language === "sh" ? lines : lines.filter((line) => line.startsWith("$ "));
    return typed.map((line) => line.replace(/^\$ /, "").replace(/\s+# .*$/, ""));
  });
}

/** The examples that the help of a command and of those below it shows. */
function examplesOf(command: Command): string[] {
  let help = "";
  command
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
    })
    .outputHelp();
  const examples = help.split(/^Examples?:$/m)[1]?.split("\n") ?? [];
  // Two blanks part an example from what it is said of.
  const typed = examples.flatMap((line) => /^ {2}(cizgi .*?)(?: {3,}.*)?$/.exec(line)?.[1] ?? []);
  return [...typed, ...command.commands.flatMap(examplesOf)];
}

const documents = ["README.md", "README.tr.md"].concat(
  readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
);
const helped = [
  trainCommand(),
  distilCommand(),
  teachCommand(),
  sampleCommand(),
  evaluateCommand(),
  compareCommand(),
  exportCommand(),
  classifierCommand(),
  dataCommand(),
  benchCommand(),
  startCommand(),
];
const shown = [...documents.flatMap(commandsOf), ...helped.flatMap(examplesOf)]
  .map(plain)
  .filter((command) => command !== "" && !/^[A-Z]=/.test(command));
const notRun = Object.values(NOT_RUN).flat();
const commands = [...new Set(shown)].filter((command) => !notRun.includes(command));

/** What commands print that is itself a command. */
const printedIn = (text: string): string[] =>
  [...text.matchAll(/npx (cizgi .*)$/gm)].map(([, command]) => command);

/** What there is before a command is typed, and the folder of runs. */
const inputs = place("inputs");
const runs = place("runs");

let places = 0;
/** A folder for one command: with all inputs, and with the runs that it names. */
function folderFor(command: string): string {
  const folder = place(`command-${places++}`);
  mkdirSync(join(folder, "runs"), { recursive: true });
  mkdirSync(join(folder, "models"));
  for (const name of ["quickdraw", "ten"])
    symlinkSync(resolve("models", name), join(folder, "models", name), "dir");
  for (const name of ["src", "examples"]) symlinkSync(resolve(name), join(folder, name), "dir");
  for (const name of readdirSync(inputs)) symlinkSync(join(inputs, name), join(folder, name));
  for (const [, name] of command.matchAll(/runs\/([\w-]+)/g))
    if (existsSync(join(runs, name)))
      cpSync(join(runs, name), join(folder, "runs", name), { recursive: true });
  return folder;
}

/** Runs a command as a shell does; gives all that it said. */
const run = (command: string, cwd: string): Promise<{ code: number | string; said: string }> =>
  new Promise((done) => {
    const path = `${place("bin")}${delimiter}${process.env.PATH}`;
    const env = { ...environment(root), CIZGI_DATA: "quickdraw/simplified", PATH: path };
    execFile("sh", ["-c", command], { cwd, env }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, said: `${stdout}\n${stderr}` }),
    );
  });

/** Puts a program on the path. */
function program(name: string, words: readonly string[]): void {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  writeFileSync(place("bin", name), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(place("bin", name), 0o755);
}

/** The package where a user has it; gives the command's file. */
function built(): string {
  const installed = place("node_modules/cizgi");
  mkdirSync(installed, { recursive: true });
  for (const name of ["package.json", "models", "node_modules"])
    symlinkSync(resolve(name), join(installed, name));
  cpSync(COMPILED, join(installed, "dist"), { recursive: true });
  return join(installed, "dist/cli/main.js");
}

const CATEGORIES = ["cat", "bus", "rabbit"];
const tiny = { ...small, data: undefined, categories: CATEGORIES, epochs: 2 };
/** Three lines as docs/data.md skips them, between three drawings. */
const DAMAGED = [
  '{"word":"cat","drawing":[[[0,9,5],[0,9,5]]]}',
  '{"word":"ca\tt","drawing":[[[0,9,5],[0,9,5]]]}',
  '{"word":"cat","drawing":[[[0,9,5],[0,9,5]],[[0,1],[0,1,2]]]}',
  '{"word":"cat","drawing":[[[0,9,5,6],[0,9,5,6]]]}',
  '{"word":"cat"}',
  '{"word":"cat","drawing":[[[0,9,5],[0,9,5]],[[1,2,3],[1,2,3]]]}',
];

/** A network of pictures with six features. */
function pictureNetwork(): Uint8Array {
  const [side, features] = [8, 6];
  const size = 3 * side * side;
  return onnxBytes({
    inputs: [{ name: "image", shape: ["N", 3, side, side] }],
    outputs: [{ name: "features", shape: ["N", features] }],
    nodes: [
      ["Flatten", ["image"], "flat"],
      ["MatMul", ["flat", "sums"], "features"],
    ],
    matrix: {
      name: "sums",
      shape: [size, features],
      data: Float32Array.from({ length: size * features }, (_, i) => Math.sin(i * i)),
    },
  });
}

/** The commands that others print, and where these ran. */
const printed = new Map<string, string>();

/** Runs a command that has to succeed, and notes the commands that it prints. */
async function succeeds(command: string, folder = folderFor(command)): Promise<void> {
  const { code, said } = await run(command, folder);
  expect(said, command).not.toMatch(/^error:/m);
  expect(code, said).toBe(0);
  for (const other of printedIn(said)) printed.set(other, folder);
}

/** Runs the command until it trains, and interrupts it; gives the command that it prints. */
async function interrupted(folder: string, ...args: string[]): Promise<string> {
  const { child, finished } = start(folder, args, { CIZGI_DATA: "quickdraw/simplified" });
  const training = new Promise<void>((begun) => {
    child.stderr.on("data", (text) => {
      if (String(text).includes("Training ")) begun();
    });
  });
  await Promise.race([training, finished]);
  child.kill("SIGINT");
  const { code, stderr } = await finished;
  expect(code, stderr).toBe(130);
  const [command] = printedIn(stderr);
  return command;
}

describe.skipIf(process.platform === "win32")("every command that is documented or printed", () => {
  beforeAll(async () => {
    mkdirSync(place("bin"));
    program("cizgi", [process.execPath, built()]);
    program("tsx", [process.execPath, "--import", import.meta.resolve("tsx")]);
    writeFileSync(place("bin/npx"), '#!/bin/sh\nexec "$@"\n');
    chmodSync(place("bin/npx"), 0o755);
    writeDrawings(join(inputs, "quickdraw/simplified"), { categories: CATEGORIES, count: 40 });
    for (const [seed, folder] of ["my-drawings", "a", "b"].entries())
      writeDrawings(join(inputs, folder), { categories: CATEGORIES, count: 20, seed: seed + 1 });
    mkdirSync(join(inputs, "snails"));
    writeFileSync(join(inputs, "snails/snail.ndjson"), '{"word":"snail","drawing":[[[0,9,5],[0,9,5]]]}\n');
    mkdirSync(join(inputs, "my-doodles"));
    writeFileSync(
      join(inputs, "my-doodles/first.svg"),
      '<svg xmlns="http://www.w3.org/2000/svg"><path stroke="black" d="M0 0C5 5 9 5 9 0"/></svg>',
    );
    mkdirSync(join(inputs, "damaged"));
    writeFileSync(join(inputs, "damaged/cat.ndjson"), `${DAMAGED.join("\n")}\n`);
    writeFileSync(join(inputs, "inception.onnx"), pictureNetwork());
    writeFileSync(join(inputs, "tiny.json"), JSON.stringify(tiny));
    const { data: _, ...classifier } = tinyTraining;
    writeFileSync(join(inputs, "classifier.json"), JSON.stringify({ ...classifier, epochs: 1 }));
    mkdirSync(runs);
    const folder = folderFor("");
    await Promise.all([
      succeeds("cizgi train --config tiny.json --out runs/latest", folder),
      succeeds("cizgi classifier train --config classifier.json --out runs/classifier", folder),
      succeeds(
        `tsx examples/04-spoil-drawings.ts quickdraw/simplified ${join(inputs, "spoiled")} 20`,
        folder,
      ),
    ]);
    await succeeds(
      `cizgi distil --teacher ${join(folder, "runs/latest")} --config tiny.json --sampling-steps 2 --out runs/two`,
      folder,
    );
    cpSync(join(folder, "runs"), runs, { recursive: true });
    printed.clear();
    for (const name of ["baseline", "birds", "row", "close", "a", "b"])
      cpSync(join(runs, "latest"), join(runs, name), { recursive: true });
  });

  describe.concurrent("runs as it stands", () => {
    test.each(commands)("%s", async (command) => {
      await succeeds(command);
    });

    test("what is shortened runs with what is shown of it", async () => {
      const [shortened] = NOT_RUN["is shortened by …; it is run with two of the sets"];
      await succeeds(shortened.replace("…", ""));
    });
  });

  test("is run, or listed with the reason why not; the list holds nothing else", () => {
    expect(notRun.filter((command) => !shown.includes(command) && !printed.has(command))).toEqual([]);
  });

  test("after an interruption goes on as is said, in folders with blanks and quotes in their names", async () => {
    const out = 'runs/it\'s "mine" & yours';
    const quoted = "'runs/it'\\''s \"mine\" & yours'";
    const folder = folderFor("");
    const long = ["--epochs", "30"];
    const [train, classifier] = await Promise.all([
      interrupted(folder, "train", "--config", "tiny.json", ...long, "--out", out),
      interrupted(
        folder,
        "classifier",
        "train",
        "--config",
        "classifier.json",
        ...long,
        "--out",
        `${out} too`,
      ),
    ]);
    expect(train).toBe(`cizgi train --resume --out ${quoted}`);
    await Promise.all([train, classifier].map((command) => succeeds(`${command} --epochs 1`, folder)));
    for (const command of ["sample cat", "evaluate"])
      expect(printed.get(`cizgi ${command} --model ${quoted}`)).toBe(folder);
    const student = ["--teacher", out, "--config", "tiny.json", "--sampling-steps", "2"];
    const distil = await interrupted(folder, "distil", ...student, ...long, "--out", `${out}, a student`);
    await succeeds(`${distil} --epochs 1`, folder);
  });

  test("that these print runs too, where they ran", async () => {
    expect(printed.has("cizgi sample 'hot air balloon' --count 16")).toBe(true);
    const left = [...printed].filter(([command]) => !commands.includes(command) && !notRun.includes(command));
    expect(left.length).toBeGreaterThan(3);
    const inFolder = async (folder: string) => {
      for (const [command, where] of left) if (where === folder) await succeeds(command, folder);
    };
    await Promise.all([...new Set(left.map(([, folder]) => folder))].map(inFolder));
  });
});
