import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as graph from "../../src/graph/index.ts";
import * as library from "../../src/index.ts";
import * as web from "../../src/web/index.ts";

// The package as a user gets it: built into a folder of its own, so that the repository's dist/ does not matter.
const root = mkdtempSync(join(tmpdir(), "cizgi-package-"));
const installed = join(root, "cizgi");
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string =>
  execFileSync(process.execPath, args, { cwd: installed, encoding: "utf8", env: { ...process.env, ...env } });

beforeAll(() => {
  mkdirSync(installed);
  for (const name of ["package.json", "LICENSE"]) cpSync(name, join(installed, name));
  symlinkSync(resolve("models"), join(installed, "models"), "dir");
  mkdirSync(join(root, "node_modules"));
  symlinkSync(installed, join(root, "node_modules", "cizgi"), "dir");
  symlinkSync(resolve("node_modules"), join(installed, "node_modules"), "dir");
  const tsc = resolve("node_modules/typescript/bin/tsc");
  // Types are checked by npm run types: here they would only take time.
  const build = ["-p", "tsconfig.build.json", "--noCheck", "--outDir", join(installed, "dist")];
  execFileSync(process.execPath, [tsc, ...build]);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

/** The names that a module of the built package exports, as Node finds it by the package's own name. */
const exportsOf = (name: string): string[] =>
  JSON.parse(
    run([
      "--input-type=module",
      "-e",
      `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(name)}))))`,
    ]),
  );

describe("the built package", () => {
  it.each([
    ["cizgi", library],
    ["cizgi/graph", graph],
    ["cizgi/web", web],
  ])("exports as %s what the source does", (name, source) => {
    expect(exportsOf(name)).toEqual(Object.keys(source).sort());
  });

  it("has a module for each source file and nothing else, all within what is published", () => {
    const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
      // Scripts of measurements are for a clone.
      .filter((path) => /(?<!\.d)\.[jt]s$/.test(path) && !path.startsWith(join("bench", "scripts")))
      .map((path) => path.replace(/\.ts$/, ".js"));
    const built = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" });
    expect(built.filter((path) => path.endsWith(".js")).sort()).toEqual(sources.sort());
    const { files } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(files).toEqual(expect.arrayContaining(["dist", "LICENSE", "README.md", "README.tr.md"]));
  });

  it.each([
    ["node16", ts.ModuleKind.Node16, ts.ModuleResolutionKind.Node16],
    ["nodenext", ts.ModuleKind.NodeNext, ts.ModuleResolutionKind.NodeNext],
    ["bundler", ts.ModuleKind.Preserve, ts.ModuleResolutionKind.Bundler],
  ])("has declarations that need neither DOM's types nor Node's (%s)", (_, module, moduleResolution) => {
    const user = join(root, "user.mts");
    const doors = ["cizgi", "cizgi/graph", "cizgi/web"];
    writeFileSync(user, doors.map((door, i) => `export * as door${i} from "${door}";\n`).join(""));
    const program = ts.createProgram([user], {
      ...{ module, moduleResolution },
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts"],
      types: [],
      strict: true,
      skipLibCheck: false,
      noEmit: true,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
      );
    expect(problems).toEqual([]);
    expect(program.getSourceFiles().some(({ fileName }) => fileName.endsWith("web/index.d.ts"))).toBe(true);
  });

  it("lets its package.json and the files of its models be imported", () => {
    const models = ["quickdraw", "qd", "qd28"].map((name) => `models/${name}/model.safetensors`);
    const paths = ["package.json", ...models];
    const script = `for (const path of ${JSON.stringify(paths)})
      console.log(fs.existsSync(new URL(import.meta.resolve("cizgi/" + path))));`;
    expect(run(["--input-type=module", "-e", script])).toBe("true\n".repeat(paths.length));
  });
});

it("a clone runs no install step of ONNX Runtime, which would download CUDA libraries", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  expect(packages["node_modules/onnxruntime-node"]).toMatchObject({ version: expect.any(String) });
  // npm sets it anew when the package changes: delete the line (docs/dependencies.md).
  expect(packages["node_modules/onnxruntime-node"]).not.toHaveProperty("hasInstallScript");
});

describe("the built command", () => {
  it("answers --help without loading what draws, computes or plots", () => {
    const coverage = join(root, "coverage");
    const help = run([join("dist", "cli", "main.js"), "--help"], { NODE_V8_COVERAGE: coverage });
    expect(help).toContain("Usage: cizgi");
    const loaded = readdirSync(coverage)
      .flatMap((file): { url: string }[] => JSON.parse(readFileSync(join(coverage, file), "utf8")).result)
      .map(({ url }) => url);
    expect(loaded.some((url) => url.includes("commander"))).toBe(true);
    const heavy = ["onnxruntime", "resvg", "observablehq", "linkedom", "zod"];
    expect(loaded.filter((url) => heavy.some((name) => url.includes(name)))).toEqual([]);
  });

  it("begins with a shebang and tells the package's version", () => {
    expect(readFileSync(join(installed, "dist/cli/main.js"), "utf8").split("\n")[0]).toBe(
      "#!/usr/bin/env node",
    );
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(run([join("dist", "cli", "main.js"), "--version"]).trim()).toBe(version);
  });
});

describe("the package in a bundle that left the files of its threads behind", () => {
  const bundled = join(root, "bundled");
  const threads = ["runtime/worker.js", "training/optimizer-thread.js"].map((path) =>
    join(bundled, "dist", path),
  );
  beforeAll(() => {
    cpSync(installed, bundled, { recursive: true, verbatimSymlinks: true });
    for (const path of threads) rmSync(path);
  });
  const command = (cwd: string, ...args: string[]): { stdout: string; stderr: string } => {
    const main = join("dist", "cli", "main.js");
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd,
      encoding: "utf8",
    });
    expect(stderr).not.toContain("error:");
    expect(status).toBe(0);
    return { stdout, stderr };
  };

  it("draws on one thread the drawings that it draws on several, and says so once", () => {
    const args = ["sample", "cat", "--count", "8", "--steps", "2", "--format", "ndjson", "--out", "-"];
    const { stdout, stderr } = command(bundled, ...args, "--threads", "2");
    expect(stdout.trimEnd().split("\n")).toHaveLength(8);
    expect(stdout).toBe(command(installed, ...args, "--threads", "2").stdout);
    expect(stderr.match(/cizgi computes on one thread: worker\.js is not beside/g)).toHaveLength(1);
  });

  it("trains on one thread to the losses that it has with several", () => {
    const args = [
      ...[
        "train",
        "--data",
        "synthetic",
        "--categories",
        "cat",
        "--train-size",
        "24",
        "--held-out-size",
        "8",
      ],
      ...["--batch-size", "8", "--epochs", "1", "--base-channels", "64", "--draws", "5"],
      ...["--sampling-steps", "2", "--threads", "2"],
    ];
    const losses = [bundled, installed].map((cwd) => {
      command(cwd, ...args, "--out", "run");
      const lines = readFileSync(join(cwd, "run", "log.jsonl"), "utf8")
        .trimEnd()
        .split("\n");
      return lines.map((line): number => JSON.parse(line).losses.loss);
    });
    expect(losses[0]).toHaveLength(3);
    expect(losses[0].every(Number.isFinite)).toBe(true);
    expect(losses[0]).toEqual(losses[1]);
  });
});
