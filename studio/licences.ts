import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

const LICENCE_FILE = /^(?:licen[cs]e|notice|copying)/i;

/** Permission and disclaimer, for packages that name the MIT licence and do not bring its text. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** What their files say of packages without a licence's text. */
const WITHOUT_TEXT: Readonly<Record<string, string>> = {
  "onnxruntime-web": `Copyright (c) Microsoft Corporation. All rights reserved. Licensed under the MIT License.

${MIT}

It contains other software, listed with its licences in ThirdPartyNotices.txt of
https://github.com/microsoft/onnxruntime.`,
};

const DATA = `The model that ships learnt from Quick, Draw!, which Google, Inc. makes available under the Creative Commons
Attribution 4.0 International licence: https://github.com/googlecreativelab/quickdraw-dataset,
https://creativecommons.org/licenses/by/4.0/`;

/** The folder of the package that a module or asset is of. */
const packageOf = (path: string): string | undefined =>
  /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path.replaceAll("\\", "/"))?.[0];

/**
 * Writes `licences.txt`: the licences of all packages that code, fonts or WebAssembly of the build are from. `collect`
 * is for what is built apart, such as workers.
 * @param root the folder that Vite's names of assets are relative to.
 */
export function licences(root: string): { collect: Plugin; write: Plugin } {
  const packages = new Set<string>();
  const collect: Plugin["generateBundle"] = (_, bundle) => {
    for (const file of Object.values(bundle)) {
      const paths = file.type === "chunk" ? file.moduleIds : file.originalFileNames;
      for (const path of paths) {
        const found = packageOf(resolve(root, path));
        if (found !== undefined) packages.add(found);
      }
    }
  };
  return {
    collect: { name: "collect-packages", generateBundle: collect },
    write: {
      name: "write-licences",
      generateBundle(options, bundle, isWrite) {
        collect.call(this, options, bundle, isWrite);
        const own = `cizgi\n\n${readFileSync(join(root, "../LICENSE"), "utf8").trim()}\n\n${DATA}`;
        const texts = [own, ...[...packages].sort().map(licenceOf)];
        const source = `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
        this.emitFile({ type: "asset", fileName: "licences.txt", source });
      },
    },
  };
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  if (texts.length === 0) {
    const own = Object.hasOwn(WITHOUT_TEXT, name) ? WITHOUT_TEXT[name] : undefined;
    if (own === undefined) throw new Error(`${folder} has no licence's text; add it to licences.ts`);
    texts.push(own);
  }
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}
