// Writes the weights of one of Magenta's Sketch-RNN generators as a model folder (docs/families/sketchrnn-mdn.md).
// npx tsx scripts/sketchrnn-model.ts FILE.safetensors CATEGORY FOLDER
import { readFile } from "node:fs/promises";
import { fromMagenta } from "../src/families/sketchrnn-mdn/magenta.ts";
import { saveModel } from "../src/node/model.ts";
import { decodeSafetensors } from "../src/weights/safetensors.ts";

const [file, category, folder] = process.argv.slice(2);
if (file === undefined || category === undefined || folder === undefined) {
  console.error("usage: npx tsx scripts/sketchrnn-model.ts FILE.safetensors CATEGORY FOLDER");
  process.exitCode = 2;
} else {
  await saveModel(folder, fromMagenta(decodeSafetensors(await readFile(file), file), category, file));
  console.log(`npx cizgi sample ${category} --model ${folder} --count 16`);
}
