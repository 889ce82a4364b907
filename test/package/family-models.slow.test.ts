import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CATEGORIES } from "../../src/data/catalogue.ts";
import { TEN } from "../../src/families/preset-data.ts";
import { saveModel } from "../../src/node/model.ts";
import { environment } from "../cli/cizgi.ts";
import { COMPILED } from "../compile.ts";
import { tinyModel } from "../families/tiny-models.ts";

// A package with tiny models in the place of those that ship, and without those of other families.
const root = mkdtempSync(join(tmpdir(), "cizgi-families-"));
const installed = join(root, "node_modules/cizgi");
const LAST = "clock";
const { categories } = TEN;

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  cpSync("package.json", join(installed, "package.json"));
  cpSync(COMPILED, join(installed, "dist"), { recursive: true });
  symlinkSync(resolve("node_modules"), join(installed, "node_modules"), "dir");
  mkdirSync(join(installed, "models/ten"), { recursive: true });
  symlinkSync(resolve("models/quickdraw"), join(installed, "models/quickdraw"), "dir");
  for (const family of ["latent", "sketchrnn-mdn"] as const)
    await saveModel(join(installed, "models/ten", family), tinyModel(family, categories), {
      precision: "int8",
    });
});
afterAll(() => rmSync(root, { recursive: true }));

const node = (...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> =>
  new Promise((done) =>
    execFile(process.execPath, args, { cwd: root, env: environment(root) }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    ),
  );
const cizgi = (...args: string[]) => node(join(installed, "dist/cli/main.js"), ...args);
/** A program that uses the library, and what it says. */
const program = (text: string) => node("--input-type=module", "-e", text);

describe("the models of families that ship", () => {
  test.each(["latent", "sketchrnn-mdn"])("draw by their family's name: %s", async (family) => {
    const out = `${family}.ndjson`;
    const { code, stdout, stderr } = await cizgi("sample", LAST, "--family", family, "--out", out, "--quiet");
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${out}\n`, stderr: "" });
    const drawing = JSON.parse(readFileSync(join(root, out), "utf8"));
    expect(drawing.word).toBe(LAST);
    expect(drawing.drawing.length).toBeGreaterThan(0);
  });

  test("say what they draw, and where there is more", async () => {
    const owl = await cizgi("sample", "owl", "--family", "latent", "--dry-run");
    expect(owl.stderr).toBe(
      `error: the model of the family latent has no category "owl". It has ${categories.join(", ")}. The model that draws without --family has all ${CATEGORIES.length} of Quick, Draw!; --model names one of your own.\n`,
    );
    const nothing = await cizgi("sample", "--family", "latent");
    expect(nothing.stderr).toContain("For example: npx cizgi sample cat --family latent\n");
    expect([owl.code, nothing.code]).toEqual([1, 2]);
  });

  test("are refused by name where they are not, with what to do", async () => {
    const [missing, unknown, both] = await Promise.all([
      cizgi("sample", "cat", "--family", "transformer"),
      cizgi("sample", "cat", "--family", "latents"),
      cizgi("sample", "cat", "--family", "latent", "--model", "runs/latest"),
    ]);
    const expected = join(installed, "models/ten/transformer/model.safetensors");
    expect(missing.stderr).toBe(
      `error: no model of the family transformer ships with this copy of cizgi, expected ${expected}; train one with "cizgi train --family transformer --preset ten --out FOLDER" and name it by --model FOLDER.\n`,
    );
    expect(unknown.stderr).toContain('there is no family "latents"');
    expect(unknown.stderr).toContain('Did you mean "latent"?');
    expect(both.stderr).toContain("'--family <name>' cannot be used with option '--model <path>'");
    expect([missing.code, unknown.code, both.code]).toEqual([1, 2, 2]);
    expect(existsSync(join(root, "cat.png"))).toBe(false);
  });

  test("are opened by the library, which draws with them in all the ways that they have", async () => {
    const { stdout, stderr } = await program(`
      import { interpolate, loadModel, reconstruct, sample, vary } from "cizgi";
      const model = await loadModel({ family: "latent" });
      const first = async (drawings) => { for await (const { word, strokes } of drawings) return [word, strokes.length > 0]; };
      const sketch = { strokes: [{ x: [0, 50, 90], y: [0, 80, 10] }] };
      const [from, to] = [{ category: "cat", sketch }, { category: "bus", sketch }];
      console.log(JSON.stringify([
        model.config.categories.length,
        await first(sample(model, { category: "fish" })),
        await first(reconstruct(model, { category: "cat", sketch })),
        await first(interpolate(model, { from, to, count: 2 })),
      ]));
      await first(vary(model, { category: "cat", sketch, strength: 0.5 })).catch(({ message }) => console.log(message));
      await loadModel({ family: "unet1d" }).catch(({ message }) => console.log(message.split(",")[0]));
    `);
    expect(stderr).toBe("");
    const [drawn, ...refused] = stdout.trimEnd().split("\n");
    expect(JSON.parse(drawn)).toEqual([10, ["fish", true], ["cat", true], ["cat", true]]);
    expect(refused).toEqual([
      "models of this family cannot vary drawings.",
      "no model of the family unet1d ships with this copy of cizgi",
    ]);
  });
});
