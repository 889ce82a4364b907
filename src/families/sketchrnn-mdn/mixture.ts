import { at } from "../../base/at.ts";
import type { RandomStream } from "../../base/random.ts";
import { add, div, exp, log, mul, softplus, sub, tanh } from "../../graph/ops/elementwise.ts";
import { split } from "../../graph/ops/shape.ts";
import { logSoftmax, logSumExp } from "../../graph/ops/softmax.ts";
import { scalar, type Tensor } from "../../graph/tensor.ts";
import { pick } from "../sketchrnn/pick.ts";
import type { MdnSettings } from "./settings.ts";

type Sizes = Pick<MdnSettings, "mixtures" | "sigmaFloor">;

/** Numbers that say of a component how likely, where, how wide and how slanted it is. */
const PARTS = 6;

/** Numbers of a mixture. */
export const mixtureWidth = ({ mixtures }: Sizes): number => PARTS * mixtures;

/** Parameters of mixtures of bivariate normal distributions, [rows, mixtures] each (Ha and Eck 2017, eqs. 3 and 6). */
export interface Mixture {
  readonly logPi: Tensor;
  readonly muX: Tensor;
  readonly muY: Tensor;
  readonly sigmaX: Tensor;
  readonly sigmaY: Tensor;
  /** Of the correlation, its hyperbolic arctangent. */
  readonly atanhRho: Tensor;
}

/** From a layer's outputs, [rows, 6 · mixtures]: logits of pi, mu x, mu y, log sigma x, log sigma y, atanh rho. */
export function mixtureOf(output: Tensor, { mixtures, sigmaFloor }: Sizes): Mixture {
  const parts = split(output, 1, Array<number>(PARTS).fill(mixtures));
  const part = (place: number): Tensor => at(parts, place);
  const sigma = (logarithm: Tensor) => add(exp(logarithm), scalar(sigmaFloor));
  return {
    logPi: logSoftmax(part(0)),
    muX: part(1),
    muY: part(2),
    sigmaX: sigma(part(3)),
    sigmaY: sigma(part(4)),
    atanhRho: part(5),
  };
}

/** -log p(offset), [rows, 1], for offsets [rows, 2] (Ha and Eck 2017, eq. 9; the density is Graves 2013, eqs. 24 and 25). */
export function negativeLogLikelihood(
  { logPi, muX, muY, sigmaX, sigmaY, atanhRho }: Mixture,
  offset: Tensor,
): Tensor {
  const axes = split(offset, 1, [1, 1]);
  const x = div(sub(at(axes, 0), muX), sigmaX);
  const y = div(sub(at(axes, 1), muY), sigmaY);
  // 1 / √(1 - rho²) is the hyperbolic cosine of atanh rho: r + log(1 + e^-2r) - log 2 is its logarithm.
  const logCosh = sub(add(atanhRho, softplus(mul(atanhRho, scalar(-2)))), scalar(Math.LN2));
  const slant = mul(mul(x, y), mul(tanh(atanhRho), scalar(2)));
  const squares = sub(add(mul(x, x), mul(y, y)), slant);
  const exponent = mul(mul(squares, exp(mul(logCosh, scalar(2)))), scalar(-0.5));
  const logDensity = sub(
    sub(add(exponent, logCosh), log(mul(sigmaX, sigmaY))),
    scalar(Math.log(2 * Math.PI)),
  );
  return mul(logSumExp(add(logPi, logDensity)), scalar(-1));
}

/** Draws an offset of a mixture; a temperature below 1 makes likely components likelier, and all narrower (eqs. 7 and 8). */
export function drawOffset(
  output: Float32Array,
  { mixtures, sigmaFloor }: Sizes,
  temperature: number,
  stream: RandomStream,
): readonly [number, number] {
  const component = pick(output.subarray(0, mixtures), temperature, stream);
  const parameter = (part: number) => at(output, part * mixtures + component);
  const spread = Math.sqrt(temperature);
  const sigma = (part: number) => spread * (Math.exp(parameter(part)) + sigmaFloor);
  const rho = Math.tanh(parameter(5));
  const [a, b] = [stream.normal(), stream.normal()];
  return [parameter(1) + sigma(3) * a, parameter(2) + sigma(4) * (rho * a + Math.sqrt(1 - rho ** 2) * b)];
}
