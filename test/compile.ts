// Before the tests: src as JavaScript, so that a command that a test runs starts at once. Only what changed is compiled anew.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Beside src, so that the paths to models and package.json are the same. */
export const COMPILED = "dist-test";

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        statSync(join(folder, name)).isFile(),
      )
    : [];
const isNewer = (a: string, b: string): boolean => existsSync(a) && statSync(a).mtimeMs > statSync(b).mtimeMs;

export default async function compile(): Promise<void> {
  const outputs = new Map(
    filesIn("src")
      .filter((name) => /(?<!\.d)\.[tj]s$/.test(name))
      .map((name) => [join(COMPILED, name.replace(/\.ts$/, ".js")), join("src", name)]),
  );
  for (const name of filesIn(COMPILED)) {
    const output = join(COMPILED, name);
    if (!outputs.has(output)) rmSync(output);
  }
  const stale = [...outputs].filter(([output, source]) => !isNewer(output, source));
  if (stale.length === 0) return;
  const { default: ts } = await import("typescript");
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const compilerOptions = { ...options, noEmit: false, module: ts.ModuleKind.ESNext };
  for (const [output, source] of stale) {
    mkdirSync(dirname(output), { recursive: true });
    if (source.endsWith(".js")) copyFileSync(source, output);
    else {
      const text = readFileSync(source, "utf8");
      writeFileSync(output, ts.transpileModule(text, { fileName: source, compilerOptions }).outputText);
    }
  }
}
