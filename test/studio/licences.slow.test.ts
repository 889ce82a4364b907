import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";

const licences = readFileSync(join(inject("studio").released.folder, "licences.txt"), "utf8");

it.each(["preact", "@preact/signals", "@preact/signals-core", "zod", "gifenc", "onnxruntime-web"])(
  "the studio's folder has the licence of %s, which is in its scripts",
  (name) => {
    const { version } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
    expect(licences).toContain(`\n${name} ${version} (MIT)\n`);
  },
);

it("has that of its letters, of ONNX Runtime and of the program itself", () => {
  const font = readFileSync("node_modules/@expo-google-fonts/figtree/LICENSE_FONT", "utf8").trim();
  expect(font).toContain("SIL OPEN FONT LICENSE");
  expect(licences).toContain(font);
  expect(licences).toContain("Copyright (c) Microsoft Corporation.");
  expect(licences.startsWith(`cizgi\n\n${readFileSync("LICENSE", "utf8").trim()}`)).toBe(true);
  expect(licences).toContain("Attribution 4.0 International");
});

it("names no package that nothing of the page is from", () => {
  const names = [...licences.matchAll(/^((?:@[\w-]+\/)?[\w-]+) \d+\.\d+\.\d+\S* \(/gm)].map(
    ([, name]) => name,
  );
  expect(names.sort()).toEqual(
    [
      "@expo-google-fonts/figtree",
      ...["@preact/signals", "@preact/signals-core", "gifenc", "onnxruntime-web", "preact", "zod"],
    ].sort(),
  );
});
