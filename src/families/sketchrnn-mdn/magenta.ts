import { UserError } from "../../base/errors.ts";
import { initialize, parameterViews } from "../../nn/parameters.ts";
import { type Safetensors, toFloat32 } from "../../weights/safetensors.ts";
import { MODEL_FORMAT } from "../family.ts";
import { parametersOf } from "../sketchrnn/programs.ts";
import type { SketchRnnModel } from "../sketchrnn/settings.ts";
import { head } from "./head.ts";
import { mixtureWidth } from "./mixture.ts";
import type { MdnDraws, MdnSettings } from "./settings.ts";

/** Magenta's gates i, g, f, o in the order of an LSTM here: i, f, g, o. */
const GATES = [0, 2, 1, 3];
/** As long as the longest of its drawings. */
const POINTS = 129;
const PENS = 3;

/** The transpose of a matrix [rows, columns] of which only some columns are wanted, in their order. */
function transposed(matrix: Float32Array, columns: number, wanted: readonly number[]): Float32Array {
  const rows = matrix.length / columns;
  return Float32Array.from({ length: wanted.length * rows }, (_, i) => {
    const column = wanted[Math.floor(i / rows)] ?? 0;
    return matrix[(i % rows) * columns + column] ?? 0;
  });
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/**
 * A generator of Magenta's Sketch-RNN (Ha and Eck 2017; the decoder without a VAE) as a model of one category, which tells
 * the decoder nothing.
 * @param tensors output.{weight, bias}, lstm.{input_weight, hidden_weight, bias}, with the inputs first
 * @param metadata units, mixtures, scale_factor
 * @throws UserError for what is missing or of other sizes.
 */
export function fromMagenta(
  { tensors, metadata }: Safetensors,
  category: string,
  name: string,
): SketchRnnModel<MdnSettings, MdnDraws> {
  const number = (key: string): number => {
    const value = Number(metadata[key]);
    if (!(value > 0))
      throw new UserError(
        `${name}: expected a number above 0 as "${key}" in its metadata, found ${metadata[key]}.`,
      );
    return value;
  };
  const [hidden, mixtures] = [number("units"), number("mixtures")];
  const network: MdnSettings = {
    family: "sketchrnn-mdn",
    points: POINTS,
    simplify: 2,
    strokeOrder: "drawn",
    hidden,
    classWidth: 1,
    mixtures,
    sigmaFloor: 0,
  };
  const outputs = PENS + mixtureWidth(network);
  const matrix = (key: string, size: number): Float32Array => {
    const tensor = tensors.get(key);
    const values = tensor && toFloat32(tensor);
    if (values?.length !== size)
      throw new UserError(
        `${name}: expected a tensor "${key}" of ${size} numbers, found ${values?.length ?? "none"}.`,
      );
    return values;
  };
  const gates = GATES.flatMap((gate) => range(gate * hidden, (gate + 1) * hidden));
  const [pens, mixture] = [range(0, PENS), range(PENS, outputs)];
  const [weight, bias] = [matrix("output.weight", hidden * outputs), matrix("output.bias", outputs)];
  const values: Readonly<Record<string, Float32Array>> = {
    "lstm.weight_ih": transposed(matrix("lstm.input_weight", 5 * 4 * hidden), 4 * hidden, gates),
    "lstm.weight_hh": transposed(matrix("lstm.hidden_weight", hidden * 4 * hidden), 4 * hidden, gates),
    "lstm.bias_ih": transposed(matrix("lstm.bias", 4 * hidden), 4 * hidden, gates),
    "pen.weight": transposed(weight, outputs, pens),
    "pen.bias": transposed(bias, outputs, pens),
    "head.weight": transposed(weight, outputs, mixture),
    "head.bias": transposed(bias, outputs, mixture),
  };
  const parameters = parametersOf(head, network, 1);
  const weights = initialize(parameters, 0).fill(0);
  for (const [key, view] of parameterViews(parameters, weights)) {
    const known = values[key];
    if (known) view.set(known);
  }
  return {
    config: {
      format: MODEL_FORMAT,
      categories: [category],
      network,
      learnt: { scale: number("scale_factor") },
      sampling: { temperature: 0.25 },
    },
    weights,
  };
}
