import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../cli/cizgi.ts";

// A checkout of its own, whose dist nothing else uses.
const checkout = mkdtempSync(join(tmpdir(), "cizgi-rebuild-"));
const build = () => promisify(execFile)(process.execPath, ["scripts/build.mjs"], { cwd: checkout });

beforeAll(async () => {
  for (const name of ["src", "scripts", "package.json", "tsconfig.json", "tsconfig.build.json"])
    cpSync(name, join(checkout, name), { recursive: true });
  for (const name of ["node_modules", "models"]) symlinkSync(resolve(name), join(checkout, name), "dir");
  await build();
}, 120_000);
afterAll(() => rmSync(checkout, { recursive: true }));

const TINY = "--data synthetic --limit 30 --points 32 --base-channels 8 --attention-heads 4 --norm-groups 4";
const MORE = "--batch-size 8 --epochs 3 --warmup-epochs 1 --draws 5 --sampling-steps 3 --out run";

test("a training goes on while dist is built anew, also where a file is gone", async () => {
  appendFileSync(join(checkout, "src/base/listed.ts"), "// Another line.\n");
  writeFileSync(join(checkout, "dist/left-over.js"), "");
  const args = ["dist/cli/main.js", "train", ...TINY.split(" "), ...MORE.split(" ")];
  const training = spawn(process.execPath, args, {
    cwd: checkout,
    env: { ...environment(checkout) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  training.stderr.on("data", (text) => {
    said += text;
  });
  const ended = once(training, "close");
  const before = statSync(join(checkout, "dist/runtime/worker.js")).mtimeMs;
  await build();
  const [code] = await ended;
  expect(said).toContain("Done in");
  expect(code).toBe(0);
  expect(readFileSync(join(checkout, "dist/base/listed.js"), "utf8")).toContain("// Another line.");
  expect(existsSync(join(checkout, "dist/left-over.js"))).toBe(false);
  // What has not changed stays the file that it was.
  expect(statSync(join(checkout, "dist/runtime/worker.js")).mtimeMs).toBe(before);
  expect(readdirSync(checkout).filter((name) => name.startsWith("dist-"))).toEqual([]);
}, 240_000);

test("what does not compile leaves dist as it was", async () => {
  const [broken, main] = [join(checkout, "src/base/listed.ts"), join(checkout, "dist/base/listed.js")];
  const before = readFileSync(main, "utf8");
  writeFileSync(broken, "export const listed: string = 7;\n");
  await expect(build()).rejects.toThrow();
  expect(readFileSync(main, "utf8")).toBe(before);
}, 120_000);
