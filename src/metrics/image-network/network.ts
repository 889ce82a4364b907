import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as ort from "onnxruntime-node";
import { at } from "../../base/at.ts";
import { messageOf, UserError } from "../../base/errors.ts";
import { fileFailure } from "../../files/failure.ts";
import { mostModelBytes } from "../../node/weights.ts";
import type { Device } from "../../runtime/devices.ts";
import { deviceFailure, sessionOf } from "../../runtime/program.ts";
import { settleTelemetry } from "../../runtime/telemetry.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { refuseTooLarge } from "../../weights/limit.ts";
import type { DescribeOptions, Description, FeatureNetwork } from "../features.ts";
import { greyLevels, type Preprocessing, preprocessor } from "./preprocessing.ts";
import { featureOutput, featureRows, imageInput } from "./signature.ts";

/** Pictures of a run, where the network leaves their number open. */
const BATCH = 16;
const CHANNELS = 3;

/** How a network for pictures is used. */
export interface ImageNetworkOptions {
  /** The output that holds the features; needed where the network has several. */
  readonly output?: string;
  readonly preprocessing: Preprocessing;
  /** "cpu" unless told. */
  readonly device?: Device;
  /** Threads of the CPU; all cores unless told. */
  readonly threads?: number;
}

/**
 * Opens a network for pictures, such as Inception-v3, from an ONNX file (docs/inception.md). It has one input, float32
 * [N, 3, H, W] (N free or fixed, H and W 299 where free), and gives features as float32 [N, D] or [N, D, 1, 1].
 * The features of a drawing do not depend on the drawings beside it: all runs have the same number of pictures.
 * @throws UserError naming the file where it cannot be read, is no such network or its pictures take more bytes than
 * `CIZGI_MODEL_LIMIT` says (2^31 unless told), or the device cannot be had.
 */
export async function openImageNetwork(
  path: string,
  { output, preprocessing, device = "cpu", threads = 0 }: ImageNetworkOptions,
): Promise<FeatureNetwork> {
  const bytes = await readFile(path).catch((error) => {
    throw fileFailure("read", path, error);
  });
  const session = await openSession(path, bytes, device, threads);
  try {
    const input = imageInput(path, session.inputMetadata);
    const name = featureOutput(path, session.outputMetadata, output);
    const { batch = BATCH, height, width } = input;
    const pixels = height * width;
    const asked = Float32Array.BYTES_PER_ELEMENT * batch * CHANNELS * pixels;
    refuseTooLarge(path, `${batch} pictures of ${height} x ${width}`, asked, mostModelBytes());
    const preprocess = preprocessor(preprocessing, height, width);

    const run = async (pictures: Float32Array) => {
      const feeds = { [input.name]: new ort.Tensor("float32", pictures, [batch, CHANNELS, height, width]) };
      const results = await session.run(feeds, [name]).catch((error) => {
        throw new UserError(
          `${path} cannot be run on pictures ${height} x ${width}, ${batch} at a time: ${messageOf(error).trim()}`,
        );
      });
      return featureRows(path, name, at(Object.values(results), 0), batch);
    };
    // A file may leave the shapes of its outputs open, or promise wrong ones: blank pictures tell.
    const { size } = await run(new Float32Array(batch * CHANNELS * pixels));

    const describe = async (
      sketches: readonly Sketch[],
      { onProgress, signal }: DescribeOptions = {},
    ): Promise<Description> => {
      const values = new Float32Array(sketches.length * size);
      const pictures = new Float32Array(batch * CHANNELS * pixels);
      for (let done = 0; done < sketches.length; done += batch) {
        signal?.throwIfAborted();
        const group = sketches.slice(done, done + batch);
        for (const [i, sketch] of group.entries()) {
          const channel = preprocess(greyLevels(sketch));
          for (let c = 0; c < CHANNELS; c++) pictures.set(channel, (i * CHANNELS + c) * pixels);
        }
        // A last group may leave places of the batch as they are: what comes out there is not read.
        const rows = await run(pictures);
        values.set(rows.values.subarray(0, group.length * size), done * size);
        onProgress?.(done + group.length);
      }
      return { features: { count: sketches.length, size, values } };
    };

    return {
      name: basename(path),
      hash: createHash("sha256").update(bytes).digest("hex").slice(0, 12),
      size,
      describe,
      dispose: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function openSession(path: string, bytes: Uint8Array, device: Device, threads: number) {
  await settleTelemetry();
  try {
    return await ort.InferenceSession.create(bytes, {
      ...sessionOf(device, threads),
      // ONNX Runtime would look in the working directory for weights in files of their own, which no hash of this
      // one covers: there is nothing below a file.
      extra: { session: { model_external_initializers_file_folder_path: path } },
    });
  } catch (error) {
    if (device !== "cpu") throw deviceFailure(device, error);
    throw new UserError(
      `${path} cannot be opened: expected an ONNX network that holds its weights itself, found: ${messageOf(error).trim()}`,
    );
  }
}
