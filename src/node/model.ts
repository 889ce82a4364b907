import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";
import type { AnyModel } from "../families/family.ts";
import { decodeModel, type ModelLimits } from "../families/model.ts";
import { type FamilyName, familyOf, type Model, requireFamily } from "../families/registry.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { encodeSafetensors } from "../weights/safetensors.ts";
import { type Precision, splitTensors } from "../weights/tensors.ts";
import { mostModelBytes, readWeights, WEIGHTS_FILE } from "./weights.ts";

const shipped = (name: string): string => fileURLToPath(new URL(`../../models/${name}`, import.meta.url));

/** The model that ships with the package: all categories of Quick, Draw!. */
export const SHIPPED_MODEL = shipped("quickdraw");

/**
 * The folder of a family's model that ships: ten categories, trained from the family's preset `ten`.
 * @throws UsageError for a name that no family has, UserError where this copy of the package is without the model.
 */
export function familyModel(family: string): string {
  const { name } = requireFamily(family);
  const folder = shipped(`ten/${name}`);
  if (existsSync(join(folder, WEIGHTS_FILE))) return folder;
  throw new UserError(
    `no model of the family ${name} ships with this copy of cizgi, expected ${join(folder, WEIGHTS_FILE)}; train one with "cizgi train --family ${name} --preset ten --out FOLDER" and name it by --model FOLDER.`,
  );
}

/**
 * Writes a model folder: `model.safetensors` with PyTorch-style names and the configuration in its metadata,
 * `config.json` and, where it has a noise schedule, `scheduler_config.json` in diffusers' terms.
 * @param precision of the weights: "half" takes half the bytes and draws the same to the eye, "int8" takes a quarter.
 * @throws UserError for a model with an adapter, which is saved by itself.
 */
export async function saveModel(
  folder: string,
  { config, weights, guide }: AnyModel,
  { precision = "single" }: { readonly precision?: Precision } = {},
): Promise<void> {
  if (guide !== undefined)
    throw new UserError(
      "a model with an adapter draws with the weights of two networks: save its adapter (saveAdapter), and adapt the model again.",
    );
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

/** A model that ships, by its family: of ten categories, for the model of all categories is not one of these. */
export interface ShippedFamily {
  readonly family: FamilyName;
}

/**
 * Reads a model: its folder, the folder of the run that trained it, or its safetensors file; the one that ships unless
 * told, or that of a family, such as `{ family: "latent" }`, which draws ten categories.
 * @param limits what its file may ask for: as many bytes as `CIZGI_MODEL_LIMIT` says, else 2^31, unless told.
 * @throws UserError naming the file when it is missing, damaged, newer than this version, not such a model or asks for too
 * much.
 */
export async function loadModel(
  model: string | ShippedFamily = SHIPPED_MODEL,
  limits: ModelLimits = { mostBytes: mostModelBytes() },
): Promise<Model> {
  const path = typeof model === "string" ? model : familyModel(model.family);
  const { file, bytes } = await readWeights(path, "model", "cizgi train");
  return decodeModel(bytes, file, limits);
}
