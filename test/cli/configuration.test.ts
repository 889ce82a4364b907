import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { settingsOf } from "../../src/base/settings.ts";
import { trainCommand } from "../../src/cli/commands/train.ts";
import { configFromEnvironment } from "../../src/cli/options.ts";
import { configure } from "../../src/families/configure.ts";
import { families, type RunConfig } from "../../src/families/registry.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-configuration-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** The configuration that `cizgi train ...args` would train with. */
async function resolved(...args: string[]): Promise<RunConfig> {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await trainCommand()
    .exitOverride()
    .parseAsync([...args, "--dry-run", "--json"], { from: "user" });
  return JSON.parse(String(written.mock.lastCall?.[0]));
}

/** The same by the library: a preset with some settings changed. */
const begun = (changes: Readonly<Record<string, unknown>> = {}, preset = "quick"): RunConfig => ({
  ...configure(preset, changes),
  origin: { command: "train" },
});
const { runSchema } = families.unet1d;

/** The command as it is when it is called with some words. */
function asked(words: readonly string[]): Command {
  const before = process.argv;
  process.argv = ["node", "cizgi", "train", ...words];
  try {
    return trainCommand();
  } finally {
    process.argv = before;
  }
}

function configFile(value: unknown): string {
  const path = join(folder, "my.json");
  writeFileSync(path, JSON.stringify(value));
  return path;
}

describe("precedence", () => {
  test("a preset as it is, quick unless told", async () => {
    expect(await resolved()).toEqual(begun());
    expect(await resolved("--preset", "baseline")).toEqual(begun({}, "baseline"));
  });

  test("a preset may be called as it was before, which is said", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await resolved("--preset", "seed")).toEqual(begun({}, "baseline"));
    expect(said.mock.calls.map(([text]) => text)).toEqual(['The preset "seed" is now called "baseline".\n']);
  });

  test("flag before environment before file before preset", async () => {
    const file = configFile({ epochs: 11, batchSize: 12, seed: 13 });
    vi.stubEnv("CIZGI_EPOCHS", "21");
    vi.stubEnv("CIZGI_BATCH_SIZE", "22");
    const config = await resolved("--config", file, "--epochs", "31");
    expect(config).toEqual(begun({ epochs: 31, batchSize: 22, seed: 13 }));
  });

  test("a file may name settings alone, or by the sections in which a run writes them", async () => {
    const changes = { points: 32, epochs: 3, samplingSteps: 7 };
    const file = configFile({ network: { points: 32 }, epochs: 3, sampling: { steps: 7 } });
    expect(await resolved("--config", file)).toEqual(begun(changes));
    // What the run in the file was made from does not matter to another.
    const origin = { command: "train", model: { sha256: "of a model" } };
    const whole = configFile({ ...configure("baseline", changes), origin });
    expect(await resolved("--config", whole)).toEqual(begun(changes, "baseline"));
    // Older versions called some of them otherwise.
    const old = configFile({ beginnings: 0.5, epochs: 3 });
    expect(await resolved("--config", old)).toEqual(begun({ prefixConditioning: 0.5, epochs: 3 }));
  });

  test("every kind of value can be given as a flag and as a variable", async () => {
    const args = [
      "--categories",
      "owl, sea turtle",
      "--no-ema-warmup",
      "--augment",
      "--learning-rate",
      "1e-3",
    ];
    const wanted = { categories: ["owl", "sea turtle"], emaWarmup: false, augment: true, learningRate: 1e-3 };
    expect(await resolved(...args)).toEqual(begun(wanted));
    const env = {
      CIZGI_CATEGORIES: "owl, sea turtle",
      CIZGI_EMA_WARMUP: "false",
      CIZGI_AUGMENT: "1",
      CIZGI_LEARNING_RATE: "1e-3",
    };
    expect(configFromEnvironment(runSchema, env)).toEqual(wanted);
    // An empty variable is as good as none.
    expect(configFromEnvironment(runSchema, { CIZGI_EPOCHS: "" })).toEqual({});
  });

  test("a file may begin with a byte order mark; UTF-16 is named", async () => {
    const path = join(folder, "marked.json");
    writeFileSync(path, '\uFEFF{"epochs": 17}\r\n');
    expect(await resolved("--config", path)).toEqual(begun({ epochs: 17 }));
    for (const mark of ["\uFEFF", ""]) {
      const text = Buffer.from(`${mark}{"epochs": 17}`, "utf16le");
      for (const bytes of [text, Buffer.from(text).swap16()]) {
        writeFileSync(path, bytes);
        await expect(resolved("--config", path)).rejects.toThrow(
          "marked.json is UTF-16 text, expected UTF-8",
        );
      }
    }
  });

  test("a resumed run keeps its own configuration but for what flags say, and says which variables it leaves", async () => {
    const run = configure("quick", { epochs: 7, seed: 8 });
    writeFileSync(join(folder, "config.json"), JSON.stringify(run));
    for (const [name, value] of [
      ["SEED", "9"],
      ["BATCH_SIZE", String(run.optimisation.denoiser.batchSize)],
      ["EPOCHS", "10"],
    ])
      vi.stubEnv(`CIZGI_${name}`, value);
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const config = await resolved("--resume", "--out", folder, "--epochs", "10");
    expect(config).toEqual(configure("quick", { epochs: 10, seed: 8 }));
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      `CIZGI_SEED is for new runs: ${folder} goes on with seed 8.\n`,
      "Would go on from the first step: there is no checkpoint yet.\n",
    ]);
  });

  test("a preset is for a new run: beside --resume it is refused", async () => {
    await expect(resolved("--resume", "--out", folder, "--preset", "quick")).rejects.toThrow(
      `--preset quick is for a new run: ${folder} has settings of its own; leave --preset out`,
    );
  });
});

describe("what cannot be", () => {
  test.each([
    ["--batch-size", "0", "optimisation.denoiser.batchSize: Too small"],
    ["--points", "ten", 'network.points: expected number, found "ten"'],
    ["--pen", "finger", 'network.pen: expected one of "head"|"channel", found "finger"'],
    [
      "--preset",
      "baselin",
      'the family unet1d has no preset "baselin", expected one of quick, ten, quickdraw, baseline. Did you mean "baseline"?',
    ],
    ["--family", "unet", 'found "unet". Did you mean "unet1d"?'],
    ["--device", "gpu", "--device takes one of cpu, webgpu"],
    ["--threads", "two", "--threads: expected a whole number from 0 to "],
  ])("%s %s is refused in words", async (flag, value, expected) => {
    await expect(resolved(flag, value)).rejects.toThrow(expected);
  });

  test("a variable that is not of its kind is refused", async () => {
    vi.stubEnv("CIZGI_AUGMENT", "perhaps");
    await expect(resolved()).rejects.toThrow(
      'optimisation.denoiser.augment: expected boolean, found "perhaps"',
    );
  });

  test("the file is named: unknown key, not an object, not JSON, missing", async () => {
    await expect(resolved("--config", configFile({ epoch: 3 }))).rejects.toThrow(
      `${join(folder, "my.json")}: unknown key "epoch". Did you mean "epochs"?`,
    );
    await expect(resolved("--config", configFile([1]))).rejects.toThrow("my.json: expected an object");
    const broken = join(folder, "broken.json");
    writeFileSync(broken, "{epochs: 3}");
    await expect(resolved("--config", broken)).rejects.toThrow(/broken\.json: not valid JSON \(.+\)\./);
    const missing = join(folder, "missing.json");
    await expect(resolved("--config", missing)).rejects.toThrow(
      `cannot read ${missing}: there is no such file`,
    );
  });
});

test.each(Object.values(families))(
  "every setting of $name has a flag and help, with its variable",
  (family) => {
    const { options } = asked(["--family", family.name]);
    for (const { name: key, schema } of settingsOf(family.runSchema)) {
      const option = options.find((each) => each.attributeName() === key && !each.negate);
      const variable = `CIZGI_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
      // The family is asked for before anything else, and has a flag of its own.
      const description = key === "family" ? "the kind of model, unet1d unless given" : schema.description;
      expect(description).toMatch(/\w/);
      expect(option?.description).toBe(`${description} (${variable})`);
    }
  },
);
