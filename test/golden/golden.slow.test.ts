import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { openSource } from "../../src/data/source.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/weights/safetensors.ts";
import { relativeError } from "./check.ts";
import { checkGolden } from "./checks.ts";
import { writeOwnGolden } from "./own.ts";

const GOLDEN = "../shared/golden/unet1d_base16.safetensors";
if (!existsSync(GOLDEN)) console.warn(`skipped: golden numbers (${GOLDEN} is not there)`);

/** `npm run golden -- ...args` without npm. */
const golden = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = ["--import", "tsx", "test/golden/main.ts", ...args];
    const child = execFile(process.execPath, command, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });

describe.skipIf(!existsSync(GOLDEN))("the seed's system", () => {
  test("agrees with its numbers, group by group", async () => {
    const { code, stdout } = await golden(GOLDEN);
    const lines = stdout.trim().split("\n");
    expect(lines.pop()).toBe("all groups agree");
    expect(lines.filter((line) => !line.startsWith("ok "))).toEqual([]);
    expect(lines.map((line) => line.slice(5, 21).trim())).toEqual([
      "schedules",
      "time embedding",
      "forward",
      "noisy batch",
      "loss",
      "gradients",
      "AdamW step 1",
      "EMA step 1",
      "loss of step 2",
      "AdamW step 2",
      "EMA step 2",
      "DDIM",
      "preprocessing",
      "pixel metrics",
      "split",
    ]);
    expect(code).toBe(0);
  });
});

const RABBIT = "../shared/golden/sketchrnn_rabbit.safetensors";
if (!existsSync(RABBIT)) console.warn(`skipped: the rabbit generator of Sketch-RNN (${RABBIT} is not there)`);

describe.skipIf(!existsSync(RABBIT))("the rabbit generator of Sketch-RNN", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-rabbit-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("agrees with its numbers, group by group", async () => {
    const checks = await collect(checkGolden(RABBIT));
    expect(checks.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
    expect(checks.map(({ group }) => group)).toEqual(["outputs", "states", "mixture and pen", "likelihoods"]);
    expect(checks.map(({ limit }) => limit)).toEqual([1e-4, 1e-4, 1e-4, 1e-4]);
  });

  test.each([
    ["rho", ["mixture and pen"]],
    ["nll.pen", ["likelihoods"]],
    ["lstm.bias", ["outputs", "states", "mixture and pen", "likelihoods"]],
  ])("one number changed in %s makes %j fail and nothing else", async (name, groups) => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(RABBIT), RABBIT);
    const tensor = tensors.get(name);
    if (tensor?.dtype !== "F32") throw new Error(`no such tensor: ${name}`);
    const data = Float32Array.from(tensor.data, (value, i) => (i === 0 ? value + 1 : value));
    const path = join(folder, "tampered.safetensors");
    writeFileSync(path, encodeSafetensors(new Map(tensors).set(name, { ...tensor, data }), metadata));
    const checks = await collect(checkGolden(path));
    expect(checks.flatMap(({ group, error, limit }) => (error <= limit ? [] : [group]))).toEqual(groups);
  });
});

describe("a golden file of other sizes", () => {
  const folder = mkdtempSync(join(tmpdir(), "cizgi-golden-"));
  let own: Awaited<ReturnType<typeof writeOwnGolden>>;
  beforeAll(async () => {
    const read = await collect((await openSource("synthetic")).drawings("cat", { limit: 30 }));
    own = await writeOwnGolden(
      folder,
      read.map(({ sketch }) => sketch),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const failing = async (file: string) =>
    (await collect(checkGolden(file))).flatMap(({ group, error, limit }) => (error <= limit ? [] : [group]));

  /** The file with the first number of each named tensor made a tenth larger, and one more where it is small. */
  const tampered = (...names: string[]): string => {
    const tensors = new Map(own.tensors);
    for (const name of names) {
      const tensor = tensors.get(name);
      if (tensor?.dtype !== "F32") throw new Error(`no such tensor: ${name}`);
      const data = tensor.data.slice();
      data[0] = data[0] * 1.1 + 1;
      tensors.set(name, { ...tensor, data } satisfies StoredTensor);
    }
    const path = join(folder, "golden/tampered.safetensors");
    writeFileSync(path, encodeSafetensors(tensors, own.metadata));
    return path;
  };

  test("is checked at its own sizes", async () => {
    const checks = await collect(checkGolden(own.path));
    expect(checks.filter(({ error, limit }) => !(error <= limit))).toEqual([]);
    expect(checks.map(({ worst }) => worst)).not.toContain("nothing to compare in the file");
  });

  test.each([
    [["schedule.betas"], ["schedules"]],
    [
      ["forward.unconditional.pen_logits", "loss.pen", "ema1.mid_attn.qkv.weight", "ddim.steps4.cfg1.5.pen"],
      ["forward", "loss", "EMA step 1", "DDIM"],
    ],
    [
      ["lr.factor", "embedding.sinusoidal", "loss2.total", "preprocess.cat.pens", "pixel_metrics.fake"],
      ["schedules", "time embedding", "loss of step 2", "preprocessing", "pixel metrics"],
    ],
  ])("one number changed in each of %j makes %j fail and nothing else", async (names, groups) => {
    expect(await failing(tampered(...names))).toEqual(groups);
  });

  test("a changed gradient is found", async () => {
    // The optimiser is given the file's gradient, so that other groups follow.
    expect(await failing(tampered("grad.up_conv4.conv1.weight"))).toContain("gradients");
  });

  test("a number that is none is no small error", () => {
    expect(relativeError([Number.NaN, 1], [1, 1])).toBe(Infinity);
    expect(relativeError([1], [1, 1])).toBe(Infinity);
    expect(relativeError([1, 3], [1, 4])).toBe(0.25);
  });

  test("the command tells which group is off, and exits 1", async () => {
    const { code, stdout } = await golden(tampered("loss.total"));
    expect(stdout).toMatch(/^FAIL loss .* worst: total$/m);
    expect(stdout).toMatch(/1 groups are off\n$/);
    expect(code).toBe(1);
  });

  test("what is no golden file is said so", async () => {
    const path = join(folder, "golden/other.safetensors");
    writeFileSync(path, encodeSafetensors([], {}));
    expect(await golden(path)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("other.safetensors"),
    });
    expect((await golden()).code).toBe(2);
  });
});
