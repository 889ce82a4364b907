import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const read = (path: string): string => readFileSync(path, "utf8");

/** The programs that documents and notebooks show, each as the file that it would be. */
const shown = (): Map<string, string> => {
  const documents = ["README.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" })]
    .filter((name) => name.endsWith(".md"))
    .map((name) => (name === "README.md" ? name : join("docs", name)));
  const blocks = documents.flatMap((path) =>
    [...read(path).matchAll(/^```ts\n(.*?)^```/gms)].map(([, code], i) => [`${path}.${i}.ts`, code] as const),
  );
  // Both languages have the same code (notebooks.test.ts). A cell may use await and every cell before it, as in one file.
  const notebook: { cells: { cell_type: string; source: string[] }[] } = JSON.parse(
    read("notebooks/diffusion.ipynb"),
  );
  const cells = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  const code = cells.map(({ source }) => source.join("")).join("\n");
  return new Map([...blocks, ["notebook.ts", code]].map(([path, text]) => [resolve(path), text]));
};

it("every program that is shown is one that TypeScript accepts", () => {
  const programs = shown();
  expect(programs.size).toBeGreaterThan(2);
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  // As loose as the notebooks' kernel; some programs are for a page.
  const lib = [...(options.lib ?? []), "lib.dom.d.ts"];
  const settings = { ...options, lib, strict: false, noUnusedLocals: false, noUncheckedIndexedAccess: false };
  const host = ts.createCompilerHost(settings);
  const { readFile, fileExists } = host;
  host.readFile = (path) => programs.get(path) ?? readFile(path);
  host.fileExists = (path) => programs.has(path) || fileExists(path);
  const kernel = resolve("tslab.d.ts");
  programs.set(kernel, `declare module "tslab" { const display: { html(html: string): void } }`);
  const program = ts.createProgram([...programs.keys()], settings, host);
  const faults = [...programs.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    expect(file, path).toBeDefined();
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  expect(
    ts.formatDiagnostics(faults, {
      getCurrentDirectory: () => process.cwd(),
      getCanonicalFileName: (name) => name,
      getNewLine: () => "\n",
    }),
  ).toBe("");
}, 60_000);
