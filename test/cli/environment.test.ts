import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { unknownVariables } from "../../src/cli/environment.ts";
import { cizgi } from "./cizgi.ts";

describe("variables that nothing reads", () => {
  test.each([
    ["CIZGI_EPOCH", "CIZGI_EPOCH is no setting, nothing reads it. Did you mean CIZGI_EPOCHS?"],
    ["CIZGI_BATCHSIZE", "CIZGI_BATCHSIZE is no setting, nothing reads it. Did you mean CIZGI_BATCH_SIZE?"],
    [
      "CIZGI_PICTURE_SIZES",
      "CIZGI_PICTURE_SIZES is no setting, nothing reads it. Did you mean CIZGI_PICTURE_SIZE?",
    ],
    ["CIZGI_BUKET", "CIZGI_BUKET is no setting, nothing reads it. Did you mean CIZGI_BUCKET?"],
    ["CIZGI_QQQQQQQQ", "CIZGI_QQQQQQQQ is no setting, nothing reads it."],
  ])("%s is said, with the nearest that is read", (name, sentence) => {
    expect(unknownVariables({ [name]: "3", PATH: "/bin" })).toEqual([sentence]);
  });

  test("of all that are read, none is said", () => {
    const folder = "src";
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.[jt]s$/.test(file),
    );
    const read = files.flatMap(
      (file) => readFileSync(join(folder, file), "utf8").match(/\bCIZGI_[A-Z_]*[A-Z]/g) ?? [],
    );
    expect(new Set(read).size).toBeGreaterThan(5);
    expect(unknownVariables(Object.fromEntries(read.map((name) => [name, "1"])))).toEqual([]);
  });

  test("the command says them on stderr, does what it is asked to and keeps them to itself with --quiet", async () => {
    const env = { CIZGI_EPOCH: "3", CIZGI_EPOCHS: "5" };
    const run = (...more: string[]) => cizgi(tmpdir(), ["train", "--dry-run", "--json", ...more], env);
    const { code, stdout, stderr } = await run();
    expect(stderr).toBe("warning: CIZGI_EPOCH is no setting, nothing reads it. Did you mean CIZGI_EPOCHS?\n");
    expect(code).toBe(0);
    expect(JSON.parse(String(stdout))).toMatchObject({ optimisation: { denoiser: { epochs: 5 } } });
    expect((await run("--quiet")).stderr).toBe("");
  });
});
