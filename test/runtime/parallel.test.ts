import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { add, mul } from "../../src/graph/ops/elementwise.ts";
import { gatherRows } from "../../src/graph/ops/gather.ts";
import { input, scalar } from "../../src/graph/tensor.ts";
import { compileParallel } from "../../src/runtime/parallel.ts";
import { shared, sharedVector } from "../../src/runtime/threads.ts";

const range = (length: number) => Array.from({ length }, (_, i) => i + 1);

describe.each([1, 2, 3])("%i workers", async (workers) => {
  const scale = input("scale", [2]);
  const shift = input("shift", [2]);
  const x = input("x", [2]);
  const outputs = { y: add(mul(x, scale), shift), square: mul(x, x), one: scalar(1) };
  const results = range(workers).map(() => ({
    y: sharedVector(2),
    square: sharedVector(2),
    one: sharedVector(1),
  }));
  const program = await compileParallel(outputs, results, { threads: 1 });
  afterAll(program.dispose);

  const data = { x: Float32Array.from(range(workers).flatMap((i) => [i, 10 * i])) };

  it("leave each its own outputs", async () => {
    const common = { scale: Float32Array.of(2, 3), shift: Float32Array.of(1, -1) };
    await program.run(common, data);
    for (const [at, { y, square, one }] of results.entries()) {
      const i = at + 1;
      expect([[...y], [...square], [...one]]).toEqual([[2 * i + 1, 30 * i - 1], [i * i, 100 * i * i], [1]]);
    }
  });

  it("read shared memory anew at every run", async () => {
    const common = { scale: shared(Float32Array.of(1, 1)), shift: sharedVector(2) };
    for (const factor of [1, -2, 0.5]) {
      common.scale.fill(factor);
      await program.run(common, data);
      for (const [at, { y }] of results.entries())
        expect([...y]).toEqual([factor * (at + 1), 10 * factor * (at + 1)]);
    }
  });

  it("need equal parts", async () => {
    const use = program.run({}, { x: new Float32Array(7) });
    if (workers === 1) await expect(use).rejects.toThrow();
    else await expect(use).rejects.toThrow(`x: 7 values cannot be shared out among ${workers} workers`);
  });
});

it("feeds and results may be parts of larger arrays", async () => {
  const x = input("x", [2]);
  const y = sharedVector(6);
  const results = [{ y: y.subarray(1, 3) }, { y: y.subarray(3, 5) }];
  const program = await compileParallel({ y: add(x, x) }, results, {});
  for (const whole of [Float32Array.of(1, 2, 3, 4), shared(Float32Array.of(1, 2, 3, 4))]) {
    y.fill(0);
    await program.run({}, { x: whole });
    expect([...y]).toEqual([0, 2, 4, 6, 8, 0]);
  }
  await program.dispose();
});

it("one session does where the workers' file was left behind, with the same outputs", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-parallel-"));
  try {
    for (const room of ["base", "graph", "runtime"])
      cpSync(join("src", room), join(folder, "src", room), {
        recursive: true,
        filter: (path) => basename(path) !== "worker.js",
      });
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "main.ts"),
      `import { InferenceSession } from "onnxruntime-node";
       import { add } from "./src/graph/ops/elementwise.ts";
       import { input } from "./src/graph/tensor.ts";
       import { compileParallel } from "./src/runtime/parallel.ts";
       let sessions = 0;
       const { create } = InferenceSession;
       InferenceSession.create = (...given) => (sessions++, create(...given));
       const x = input("x", [2]);
       const results = [1, 2, 3].map(() => ({ y: new Float32Array(2) }));
       const program = await compileParallel({ y: add(x, x) }, results, { threads: 1 });
       await program.run({}, { x: Float32Array.of(1, 2, 3, 4, 5, 6) });
       await program.dispose();
       console.log(JSON.stringify({ sessions, y: results.map(({ y }) => [...y]) }));`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toContain("cizgi computes on one thread: worker.js is not beside");
    expect(JSON.parse(stdout)).toEqual({
      sessions: 1,
      y: [
        [2, 4],
        [6, 8],
        [10, 12],
      ],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("V8's flags are as they were after large outputs", async () => {
  const x = input("x", [2 ** 22 + 1]);
  const results = [1, 2].map(() => ({ y: sharedVector(2 ** 22 + 1) }));
  const program = await compileParallel({ y: add(x, x) }, results, { threads: 1 });
  await program.run({}, { x: sharedVector(2 ** 23 + 2) });
  expect(runInNewContext("typeof gc")).toBe("undefined");
  await program.dispose();
});

it("what ONNX Runtime says in a worker is the run's error", async () => {
  const rows = input("rows", [1], "int64");
  const results = [{ y: sharedVector(1) }, { y: sharedVector(1) }];
  const program = await compileParallel({ y: gatherRows(input("table", [2, 1]), rows) }, results, {});
  const table = new Float32Array(2);
  await expect(program.run({ table }, { rows: BigInt64Array.of(0n, 5n) })).rejects.toThrow(/Gather/);
});

it("a device that cannot be had is the user's error", async () => {
  const x = input("x", [2]);
  const made = compileParallel({ y: add(x, x) }, [{ y: sharedVector(2) }], { device: "coreml" });
  if (process.platform === "darwin") return void (await (await made).dispose());
  await expect(made).rejects.toThrow(UserError);
  await expect(made).rejects.toThrow(/^device "coreml" cannot be used here: .* Use --device cpu/);
});
