import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../base/errors.ts";
import { type ModelConfig, parseModelConfig } from "../config/model.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { fileFailure } from "../files/failure.ts";
import { decodeSafetensors, encodeSafetensors } from "../files/safetensors.ts";
import { buildNetwork, type NetworkConfig } from "../models/network.ts";
import type { Parameter } from "../nn/parameters.ts";
import { joinTensors, splitTensors } from "./weights.ts";

/** A trained network, ready to draw. */
export interface Model {
  readonly config: ModelConfig;
  /** All weights, in the order of the network's parameters. */
  readonly weights: Float32Array;
}

const WEIGHTS_FILE = "model.safetensors";

/** The network that a model's configuration describes. */
export const networkConfigOf = (config: ModelConfig): NetworkConfig => ({
  ...config,
  classes: config.categories.length,
});

/** The network's parameters in order; they do not depend on the batch. */
export const parametersOf = (config: NetworkConfig): readonly Parameter[] =>
  buildNetwork(config, 1).parameters;

/**
 * Writes a model folder: `model.safetensors` with PyTorch-style names and the configuration in its metadata,
 * `config.json` and, in diffusers' terms, `scheduler_config.json`.
 */
export async function saveModel(folder: string, { config, weights }: Model): Promise<void> {
  await ensureWritableFolder(folder);
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  const tensors = splitTensors(parametersOf(networkConfigOf(config)), weights);
  const scheduler = {
    _class_name: "DDIMScheduler",
    num_train_timesteps: config.diffusionSteps,
    beta_schedule: "squaredcos_cap_v2",
    prediction_type: config.prediction === "v" ? "v_prediction" : "epsilon",
    clip_sample: true,
    clip_sample_range: 4,
  };
  await writeFileAtomically(join(folder, "config.json"), json(config));
  await writeFileAtomically(join(folder, "scheduler_config.json"), json(scheduler));
  await writeFileAtomically(
    join(folder, WEIGHTS_FILE),
    encodeSafetensors(tensors, { config: JSON.stringify(config) }),
  );
}

/**
 * Reads a model: its folder, the folder of the run that trained it, or its safetensors file.
 * @throws UserError naming the file when it is missing, damaged, newer than this version or not such a model.
 */
export async function loadModel(path: string): Promise<Model> {
  const candidates = path.endsWith(".safetensors")
    ? [path]
    : [join(path, WEIGHTS_FILE), join(path, "model", WEIGHTS_FILE)];
  for (const file of candidates) {
    const bytes = await readFile(file).catch((error) => {
      if (error?.code === "ENOENT" || error?.code === "ENOTDIR") return undefined;
      throw fileFailure("read", file, error);
    });
    if (bytes !== undefined) return decodeModel(bytes, file);
  }
  throw new UserError(
    `${path}: no model found there, expected ${candidates.join(" or ")}; train one with "cizgi train --out FOLDER" or name another folder.`,
  );
}

function decodeModel(bytes: Uint8Array, file: string): Model {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const config = parseModelConfig(parseJson(metadata.config, file), `${file} (config)`);
  const parameters = parametersOf(networkConfigOf(config));
  return { config, weights: joinTensors(tensors, "", parameters, file) };
}

function parseJson(text: string | undefined, file: string): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch (error) {
    throw new UserError(`${file}: its metadata holds no model configuration (${messageOf(error)}).`);
  }
}
