// Runs before the install step of onnxruntime-node, which would download CUDA libraries on Linux, hundreds of megabytes
// that nobody asked for, and end the installation where it cannot. That step downloads nothing whose place is taken
// (docs/dependencies.md), unless it is told to.

import { existsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const NOTE =
  "Not a library: cizgi keeps its place, so that it is not downloaded. To have it:\nONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node\n";

const require = createRequire(import.meta.url);

function placesOfCuda() {
  const folder = dirname(require.resolve("onnxruntime-node/package.json"));
  const { requirements, manifests } = require(join(folder, "script/install-metadata.js"));
  const platform = `${process.platform}/${process.arch}`;
  return (requirements[platform] ?? [])
    .flatMap((name) => Object.keys(manifests[`${platform}:${name}`]))
    .map((file) => join(folder, "bin/napi-v6", platform, file));
}

try {
  for (const place of placesOfCuda()) if (!existsSync(place)) writeFileSync(place, NOTE);
} catch (error) {
  // An installation goes on as it would without this.
  console.warn(error);
}
