import { at } from "../../base/at.ts";
import { rounded } from "../../sketch/curve.ts";
import { encodings } from "../../sketch/encoding.ts";
import { denormalise } from "../../sketch/normalisation.ts";
import { penOf } from "../../sketch/pen-channel.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { smooth } from "../../sketch/smooth.ts";
import { fitSheet } from "../sheet.ts";
import { normalisationOf } from "./normalisation.ts";
import type { DenoiserLearnt, DenoiserSettings } from "./settings.ts";

/** What is needed to know of a model to make drawings of its rows. */
export interface Decodable {
  readonly network: Pick<DenoiserSettings, "encoding"> & Partial<Pick<DenoiserSettings, "corners">>;
  readonly learnt: Pick<DenoiserLearnt, "normalisation">;
}

/** The drawing that the sampler ended with: `row` [points, channels], with pen logits or the pen as third channel. */
export const decode = (
  config: Decodable,
  category: string,
  row: Float32Array,
  penLogits: Float32Array | undefined,
): Sketch => fitSheet(strokesOf(config, category, row, penLogits));

/** The same, of any number of points, where the network drew it. */
export function strokesOf(
  config: Decodable,
  category: string,
  row: Float32Array,
  penLogits?: Float32Array,
): Sketch {
  const { encoding, corners = false } = config.network;
  const channels = penLogits ? 2 : 3;
  const points = row.length / channels;
  const values = new Float32Array(points * 2);
  for (let i = 0; i < points; i++) values.set(row.subarray(i * channels, i * channels + 2), 2 * i);
  const pens = penLogits
    ? penLogits.map((logit) => 1 / (1 + Math.exp(-logit)))
    : Float32Array.from({ length: points }, (_, i) => penOf(at(row, i * channels + 2), corners));
  const positions = denormalise(values, normalisationOf(config, category));
  const sketch = encodings[encoding].decode(positions, pens, corners);
  // Steps add up to a jittery line, which the seed smooths; few positions are what is left of a curve.
  return encoding === "delta" ? smooth(sketch) : rounded(sketch);
}
