import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildClassifier } from "../classifier/network.ts";
import { type ClassifierConfig, parseClassifierConfig } from "../classifier/settings.ts";
import { ensureWritableFolder, writeFileAtomically } from "../files/atomic.ts";
import { sizeAt } from "../graph/shape.ts";
import { parameterViews } from "../nn/parameters.ts";
import { mostModelBytes, readWeights, WEIGHTS_FILE } from "../node/weights.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { compile } from "../runtime/program.ts";
import type { Program } from "../runtime/session.ts";
import { rasterise } from "../sketch/raster.ts";
import type { Sketch } from "../sketch/sketch.ts";
import { decodeWeights } from "../weights/decode.ts";
import { refuseTooLarge } from "../weights/limit.ts";
import { encodeSafetensors } from "../weights/safetensors.ts";
import { joinTensors, splitTensors } from "../weights/tensors.ts";
import type { DescribeOptions, Description, FeatureNetwork } from "./features.ts";

/** The classifiers that ship with the package: the one that the metrics look with first, and their second judge. */
export const SHIPPED_CLASSIFIER = fileURLToPath(new URL("../../models/qd", import.meta.url));
export const SECOND_CLASSIFIER = fileURLToPath(new URL("../../models/qd28", import.meta.url));

const shippedNames: ReadonlyMap<string, string> = new Map([
  [SHIPPED_CLASSIFIER, "QD"],
  [SECOND_CLASSIFIER, "QD28"],
]);

/** Drawings of one run: few enough for the cache, many enough for the convolutions. */
const BATCH = 64;

/** The least that a classifier takes, in bytes: its last level's convolution, its pictures and what a layer makes of one. */
const leastBytes = ({ baseChannels, pictureSize }: ClassifierConfig): number =>
  Float32Array.BYTES_PER_ELEMENT *
  (9 * (4 * baseChannels) ** 2 + (BATCH + baseChannels / 8) * pictureSize ** 2);

const sizesOf = (config: ClassifierConfig) => ({ ...config, classes: config.categories.length });

/** Writes a classifier's folder: `config.json` and `model.safetensors` in half precision, with the configuration in it. */
export async function saveClassifier(
  folder: string,
  config: ClassifierConfig,
  weights: Float32Array,
): Promise<void> {
  await ensureWritableFolder(folder);
  const tensors = splitTensors(buildClassifier(sizesOf(config), 1).parameters, weights, {
    precision: "half",
  });
  await writeFileAtomically(join(folder, "config.json"), `${JSON.stringify(config, undefined, 2)}\n`);
  await writeFileAtomically(
    join(folder, WEIGHTS_FILE),
    encodeSafetensors(tensors, { config: JSON.stringify(config) }),
  );
}

/** A classifier as a feature network; it always knows its categories and gives logits. */
export interface ClassifierNetwork extends FeatureNetwork {
  readonly categories: readonly string[];
  /** Features and logits of drawings, in their order. */
  describe(
    sketches: readonly Sketch[],
    options?: DescribeOptions,
  ): Promise<Description & { readonly logits: Float32Array }>;
}

/**
 * Opens a trained classifier: its folder, or that of the run that trained it. Its features are what its last layer sees
 * of a drawing's picture; a drawing's row does not depend on the drawings beside it.
 * @throws UserError naming the file when it is missing, damaged, newer than this version, no classifier or asks for more bytes
 * than `CIZGI_MODEL_LIMIT` says, 2^31 unless told.
 */
export async function openClassifier(
  folder: string = SHIPPED_CLASSIFIER,
  options: DeviceOptions = {},
): Promise<ClassifierNetwork> {
  const { file, bytes } = await readWeights(folder, "classifier", "cizgi classifier train");
  const { tensors, config: found } = decodeWeights(bytes, "classifier", file);
  const config = parseClassifierConfig(found, `${file} (config)`);
  const { baseChannels, pictureSize } = config;
  const sizes = `baseChannels ${baseChannels} and pictureSize ${pictureSize}`;
  refuseTooLarge(file, sizes, leastBytes(config), mostModelBytes());
  const { features, logits, parameters } = buildClassifier(sizesOf(config), BATCH);
  const initializers = parameterViews(parameters, joinTensors(tensors, "", parameters, file));
  const program = await compile({ features, logits }, { ...options, initializers });
  const size = sizeAt("classifier", features.shape, 1);
  return {
    name: shippedNames.get(folder) ?? basename(folder),
    hash: createHash("sha256").update(bytes).digest("hex").slice(0, 12),
    size,
    categories: config.categories,
    describe: (sketches, describing) => describe(program, config, size, sketches, describing),
    dispose: program.dispose,
  };
}

/** The classifiers that ship, QD first: the judges of drawings. */
export const openJudges = (
  options: DeviceOptions = {},
): Promise<[first: ClassifierNetwork, second: ClassifierNetwork]> =>
  Promise.all([openClassifier(SHIPPED_CLASSIFIER, options), openClassifier(SECOND_CLASSIFIER, options)]);

async function describe(
  program: Program<"features" | "logits">,
  config: ClassifierConfig,
  size: number,
  sketches: readonly Sketch[],
  { onProgress, signal }: DescribeOptions = {},
): Promise<Description & { readonly logits: Float32Array }> {
  const { pictureSize, margin, lineWidth, categories } = config;
  const pixels = pictureSize * pictureSize;
  const values = new Float32Array(sketches.length * size);
  const logits = new Float32Array(sketches.length * categories.length);
  const pictures = new Float32Array(BATCH * pixels);
  for (let at = 0; at < sketches.length; at += BATCH) {
    signal?.throwIfAborted();
    const batch = sketches.slice(at, at + BATCH);
    for (const [place, sketch] of batch.entries())
      pictures.set(rasterise(sketch, { size: pictureSize, margin, lineWidth }), place * pixels);
    const said = await program.run({ pictures });
    values.set(said.features.subarray(0, batch.length * size), at * size);
    logits.set(said.logits.subarray(0, batch.length * categories.length), at * categories.length);
    onProgress?.(at + batch.length);
  }
  return { features: { count: sketches.length, size, values }, logits };
}
