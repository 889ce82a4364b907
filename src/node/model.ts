import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AnyModel } from "../families/family.ts";
import { decodeModel, type ModelLimits } from "../families/model.ts";
import { familyOf, type Model } from "../families/registry.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { encodeSafetensors } from "../weights/safetensors.ts";
import { type Precision, splitTensors } from "../weights/tensors.ts";
import { mostModelBytes, readWeights, WEIGHTS_FILE } from "./weights.ts";

/** The model that ships with the package: all categories of Quick, Draw!. */
export const SHIPPED_MODEL = fileURLToPath(new URL("../../models/quickdraw", import.meta.url));

/**
 * Writes a model folder: `model.safetensors` with PyTorch-style names and the configuration in its metadata,
 * `config.json` and, where it has a noise schedule, `scheduler_config.json` in diffusers' terms.
 * @param precision of the weights: "half" takes half the bytes and draws the same to the eye, "int8" takes a quarter.
 */
export async function saveModel(
  folder: string,
  { config, weights }: AnyModel,
  { precision = "single" }: { readonly precision?: Precision } = {},
): Promise<void> {
  await saveModelConfig(folder, config);
  const tensors = splitTensors(familyOf(config).parameters(config), weights, { precision });
  await writeFileAtomically(
    join(folder, WEIGHTS_FILE),
    encodeSafetensors(tensors, { config: JSON.stringify(config) }),
  );
}

/** Writes what a model is: `config.json` and `scheduler_config.json`; gives their names. */
export async function saveModelConfig(folder: string, config: AnyModel["config"]): Promise<string[]> {
  await ensureWritableFolder(folder);
  const scheduler = familyOf(config).scheduler?.(config);
  const files = { "config.json": config, ...(scheduler && { "scheduler_config.json": scheduler }) };
  for (const [name, value] of Object.entries(files))
    await writeFileAtomically(join(folder, name), `${JSON.stringify(value, undefined, 2)}\n`);
  return Object.keys(files);
}

/**
 * Reads a model: its folder, the folder of the run that trained it, or its safetensors file; the one that ships unless
 * told.
 * @param limits what its file may ask for: as many bytes as `CIZGI_MODEL_LIMIT` says, else 2^31, unless told.
 * @throws UserError naming the file when it is missing, damaged, newer than this version, not such a model or asks for too
 * much.
 */
export async function loadModel(
  path: string = SHIPPED_MODEL,
  limits: ModelLimits = { mostBytes: mostModelBytes() },
): Promise<Model> {
  const { file, bytes } = await readWeights(path, "model", "cizgi train");
  return decodeModel(bytes, file, limits);
}
