import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import {
  decodeModel,
  type Model,
  type ModelLimits,
  networkConfigOf,
  parametersOf,
} from "../sampling/model.ts";
import { encodeSafetensors } from "../weights/safetensors.ts";
import { splitTensors } from "../weights/tensors.ts";
import { mostModelBytes, readWeights, WEIGHTS_FILE } from "./weights.ts";

/** The model that ships with the package: all categories of Quick, Draw!. */
export const SHIPPED_MODEL = fileURLToPath(new URL("../../models/quickdraw", import.meta.url));

/**
 * Writes a model folder: `model.safetensors` with PyTorch-style names and the configuration in its metadata,
 * `config.json` and, in diffusers' terms, `scheduler_config.json`.
 * @param half weights in half precision: half the bytes, the same drawings to the eye.
 */
export async function saveModel(
  folder: string,
  { config, weights }: Model,
  { half = false } = {},
): Promise<void> {
  await saveModelConfig(folder, config);
  const tensors = splitTensors(parametersOf(networkConfigOf(config)), weights, { half });
  await writeFileAtomically(
    join(folder, WEIGHTS_FILE),
    encodeSafetensors(tensors, { config: JSON.stringify(config) }),
  );
}

/** Writes what a model is: `config.json` and `scheduler_config.json`. */
export async function saveModelConfig(folder: string, config: Model["config"]): Promise<void> {
  await ensureWritableFolder(folder);
  const scheduler = {
    _class_name: "DDIMScheduler",
    num_train_timesteps: config.diffusionSteps,
    beta_schedule: "squaredcos_cap_v2",
    prediction_type: config.prediction === "v" ? "v_prediction" : "epsilon",
    clip_sample: true,
    clip_sample_range: 4,
    // Our samplers ask first about the last time step, and end at the first one, with ᾱ as it is there.
    timestep_spacing: "trailing",
    set_alpha_to_one: false,
  };
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  await writeFileAtomically(join(folder, "config.json"), json(config));
  await writeFileAtomically(join(folder, "scheduler_config.json"), json(scheduler));
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
