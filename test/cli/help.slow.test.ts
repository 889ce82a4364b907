import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { settingsOf } from "../../src/base/settings.ts";
import { variableOf } from "../../src/cli/options.ts";
import { families, familyNames } from "../../src/families/registry.ts";
import { cizgi } from "./cizgi.ts";

const run = (...args: string[]) => cizgi(tmpdir(), args);

const commands = [
  [],
  ["train"],
  ["sample"],
  ["start"],
  ["export"],
  ["distil"],
  ["teach"],
  ["compare"],
  ["bench"],
  ["bench", "train"],
  ["bench", "data"],
  ["bench", "pytorch"],
  ["bench", "sample"],
  ["bench", "start"],
  ["bench", "profile"],
  ["bench", "growth"],
  ["data"],
  ["data", "list"],
  ["data", "fetch"],
  ["data", "split"],
  ["data", "show"],
];

describe.concurrent("help", () => {
  test.each(commands.map((words) => [["cizgi", ...words].join(" "), words] as const))(
    "%s --help shows examples of itself on stdout and exits 0",
    async (name, words) => {
      const { code, stdout, stderr } = await run(...words, "--help");
      const [, examples] = String(stdout).split(/^Examples?:$/m);
      expect(examples).toMatch(new RegExp(`^  (\\w+=\\S+ )?${name}`, "m"));
      expect(String(stdout)).toMatch(new RegExp(`^Usage: ${name}`));
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    },
  );

  test.each(familyNames)("train --family %s --help shows the settings of that family", async (family) => {
    const { code, stdout, stderr } = await run("train", "--family", family, "--help");
    expect(String(stdout)).toMatch(/^Usage: cizgi train/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const shown = String(stdout).match(/(?<=\()CIZGI_\w+(?=\))/g);
    const names = settingsOf(families[family].runSchema).map(({ name }) => variableOf(name));
    expect(shown?.sort()).toEqual(names.sort());
  });

  test("--version is the package's", async () => {
    const { code, stdout } = await run("--version");
    expect(String(stdout)).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(code).toBe(0);
  });
});

describe.concurrent("usage errors go to stderr, exit 2 and suggest what was meant", () => {
  test.each([
    [["trian"], "unknown command 'trian'\n(Did you mean train?)"],
    [["data", "fetsh", "cat"], "unknown command 'fetsh'\n(Did you mean fetch?)"],
    [["train", "--epoch", "3"], "unknown option '--epoch'\n(Did you mean --epochs?)"],
    [["train", "--wings", "2"], "unknown option '--wings'"],
    [["train", "--family", "unet"], 'found "unet". Did you mean "unet1d"?'],
    [["data", "show", "cat", "--outt", "x.png"], "unknown option '--outt'\n(Did you mean --out?)"],
    [["data", "show"], "missing required argument 'category'"],
    [
      ["sample", "cat", "--seed", "99999999999999999999"],
      "error: --seed: expected a whole number from 0 to 9007199254740991, found 100000000000000000000\n",
    ],
    [
      ["data", "split", "cat", "--seed", "1e20"],
      "--seed: expected a whole number from 0 to 9007199254740991",
    ],
    [["train", "--seed", "99999999999999999999"], "seed: Too big: expected int to be <=9007199254740991"],
    [["sample", "cat", "--eta", "2"], "--eta: expected a number from 0 to 1, found 2"],
  ])("%j", async (args, expected) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(expected);
    expect({ code, stdout: String(stdout) }).toEqual({ code: 2, stdout: "" });
  });

  test("no command at all shows the help", async () => {
    const { code, stderr } = await run();
    expect(stderr).toContain("Usage: cizgi");
    expect(code).toBe(2);
  });
});
