import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, vi } from "vitest";

const root = mkdtempSync(join(tmpdir(), "cizgi-telemetry-"));
afterAll(() => rmSync(root, { recursive: true }));

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) console.warn("skipped: whether a command opens connections: strace is not there");

let runs = 0;

/**
 * Runs Node as a person would, without what keeps ONNX Runtime quiet in CI and in this project's other tests.
 * @returns what lies in the home folder afterwards, and every socket of the internet that was asked for.
 */
function observe(args: readonly string[]): { home: string[]; sockets: string[]; stdout: string } {
  const home = join(root, `home-${runs++}`);
  mkdirSync(home);
  const log = `${home}.log`;
  writeFileSync(log, "");
  const strace = hasStrace ? ["strace", "-f", "-e", "trace=socket", "-o", log] : [];
  const [program, ...rest] = [...strace, process.execPath, "--import", "tsx", ...args];
  const env = { PATH: process.env.PATH, HOME: home };
  const stdout = execFileSync(program, rest, { env, stdio: "pipe", encoding: "utf8" });
  return {
    home: readdirSync(home, { recursive: true, encoding: "utf8" }),
    sockets: readFileSync(log, "utf8").match(/AF_INET.*/g) ?? [],
    stdout,
  };
}

const run = join(root, "run");
const commands: [string, string[]][] = [
  ["drawing once", ["sample", "cat", "--steps", "2", "--out", join(root, "one.svg")]],
  [
    "drawing with worker threads",
    ["sample", "cat", "--count", "8", "--steps", "2", "--format", "ndjson", "--out", join(root, "eight")],
  ],
  [
    "training",
    [
      ...["train", "--data", "synthetic", "--train-size", "8", "--held-out-size", "8", "--batch-size", "4"],
      ...["--epochs", "1", "--base-channels", "32", "--draws", "5", "--sampling-steps", "2", "--out", run],
    ],
  ],
  [
    "evaluating",
    [
      ...["evaluate", "--model", run, "--real", "synthetic", "--count", "24", "--steps", "2"],
      ...["--out", join(root, "report")],
    ],
  ],
];

describe("ONNX Runtime sends no telemetry:", () => {
  it.each(commands)("%s leaves nothing in the home folder and asks for no connection", (_, args) => {
    const { home, sockets } = observe([resolve("src/cli/main.ts"), ...args]);
    expect({ home, sockets }).toEqual({ home: [], sockets: [] });
  });

  const urlOf = (path: string): string => JSON.stringify(pathToFileURL(resolve(path)).href);
  const program = `
    import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
    register();
    const { scalar } = await import(${urlOf("src/graph/index.ts")});
    const { compile } = await import(${urlOf("src/index.ts")});
    const program = await compile({ y: scalar(1) });
    console.log((await program.run({})).y[0], process.env.ORT_DISABLE_TELEMETRY);
    await program.dispose();`;

  it.each([
    ["rests", ""],
    ["sleeps", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);"],
  ])("a worker thread of one's own does neither, while the main thread %s", (_, meanwhile) => {
    const worker = join(root, "worker.mjs");
    writeFileSync(worker, program);
    const main = join(root, "main.mjs");
    writeFileSync(
      main,
      `import { Worker } from "node:worker_threads";
       new Worker(new URL("worker.mjs", import.meta.url));
       ${meanwhile}`,
    );
    const { home, sockets, stdout } = observe([main]);
    expect(stdout).toMatch(/^1 /);
    expect({ home, sockets }).toEqual({ home: [], sockets: [] });
  });

  it("where the environment cannot be changed, the process is to be started with the variable, and that helps", async () => {
    vi.doMock("node:worker_threads", () => ({ isMainThread: false }));
    vi.doMock("node:inspector/promises", () => {
      throw new Error("no inspector here");
    });
    const settle = async () => {
      vi.resetModules();
      const { settleTelemetry } = await import("../../src/runtime/telemetry.ts");
      await settleTelemetry();
    };
    try {
      vi.stubEnv("ORT_DISABLE_TELEMETRY", undefined);
      await expect(settle()).rejects.toThrow(/: start the process with ORT_DISABLE_TELEMETRY=1\.$/);
      for (const value of ["1", "0"]) {
        vi.stubEnv("ORT_DISABLE_TELEMETRY", value);
        await settle();
        expect(process.env.ORT_DISABLE_TELEMETRY).toBe(value);
      }
    } finally {
      vi.unstubAllEnvs();
      vi.doUnmock("node:worker_threads");
      vi.doUnmock("node:inspector/promises");
    }
  });

  it("what a person set stays as it is", () => {
    const file = join(root, "set.mjs");
    writeFileSync(file, program);
    // In CI ONNX Runtime sends nothing, whatever the variable says.
    const env = { ...process.env, CI: "true", ORT_DISABLE_TELEMETRY: "0" };
    expect(execFileSync(process.execPath, [file], { env, encoding: "utf8" })).toBe("1 0\n");
  });
});
