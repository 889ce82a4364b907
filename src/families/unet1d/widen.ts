import { at } from "../../base/at.ts";
import { axisSizes, type Shape, sizeAt } from "../../graph/shape.ts";
import { initialize, type Parameter, parameterViews } from "../../nn/parameters.ts";
import { sinusoidsOf } from "../../nn/time-embedding.ts";
import { ridgeRegression } from "./ridge-regression.ts";

/**
 * A network as wide or wider that draws as a narrower one, and has room to learn more (in the spirit of Net2Net, Chen et al.
 * 2016). The narrow one's channels come first, in whole groups of the normalisations and whole heads, so that channels a group and
 * a head have to be the same in both. The others begin anew, as they would in an untrained network, and add nothing to the
 * first ones until training lets them. Only times are told by other sinusoids: those of the wide network are fitted to say
 * the same.
 */
export function widened(
  narrow: readonly Parameter[],
  weights: Float32Array,
  wide: readonly Parameter[],
  { diffusionSteps, seed }: { readonly diffusionSteps: number; readonly seed: number },
): Float32Array {
  const grown = initialize(wide, seed);
  const trained = parameterViews(narrow, weights);
  const views = parameterViews(wide, grown);
  const shapes = new Map(wide.map(({ name, shape }) => [name, shape]));
  for (const { name, shape } of narrow) {
    const [from, to, wideShape] = [trained.get(name), views.get(name), shapes.get(name)];
    if (from === undefined || to === undefined || wideShape === undefined)
      throw new Error(`the wide network has no parameter "${name}"`);
    if (name === TIMES && shape[1] !== wideShape[1]) fitTimes(from, shape, to, wideShape, diffusionSteps);
    else copyInto(from, shape, to, wideShape, partsOf(name));
  }
  return grown;
}

/** The layer that reads the sinusoids; what it adds to them is in its bias. */
const TIMES = "time_mlp.1.weight";

/** In how many parts a parameter's rows and columns are, each of as many channels. */
function partsOf(name: string): { rows: number; columns: number } {
  const rows = /\.qkv\./.test(name) ? 3 : /\.(time|class)_mlp\./.test(name) ? 2 : 1;
  const columns = /^up_conv[13]\.(conv1|skip)\.weight$/.test(name) ? 2 : 1;
  return { rows, columns };
}

/**
 * The narrow values at the beginning of every part; rows that the narrow network has take nothing from columns that it
 * has not. The input that tells what is known, a last column, is left out where the wide network has none.
 */
function copyInto(
  from: Float32Array,
  narrow: Shape,
  to: Float32Array,
  wide: Shape,
  parts: { readonly rows: number; readonly columns: number },
): void {
  const [rows = 1, columns = 1, taps = 1] = narrow;
  const [wideRows = 1, wideColumns = 1] = wide;
  for (let row = 0; row < rows; row++) {
    const start = placeIn(row, rows, wideRows, parts.rows) * wideColumns * taps;
    to.fill(0, start, start + wideColumns * taps);
    for (let column = 0; column < Math.min(columns, wideColumns); column++) {
      const source = (row * columns + column) * taps;
      const target = start + placeIn(column, columns, wideColumns, parts.columns) * taps;
      to.set(from.subarray(source, source + taps), target);
    }
  }
}

/** Where a narrow channel is among the wide ones. */
function placeIn(channel: number, narrow: number, wide: number, parts: number): number {
  const [narrowPart, widePart] = [narrow / parts, wide / parts];
  return Math.floor(channel / narrowPart) * widePart + (channel % narrowPart);
}

/** So much that no wide sinusoid counts for more than the narrow ones did; what is lost is noise between time steps. */
const RIDGE = 1;

function fitTimes(
  from: Float32Array,
  narrowShape: Shape,
  to: Float32Array,
  wideShape: Shape,
  diffusionSteps: number,
): void {
  const [rows, size] = axisSizes(TIMES, narrowShape, 2);
  const wideSize = sizeAt(TIMES, wideShape, 1);
  const sinusoids = (width: number) =>
    Array.from({ length: diffusionSteps }, (_, t) => sinusoidsOf(t, width));
  const narrow = sinusoids(size);
  const weightsFor = ridgeRegression(sinusoids(wideSize), RIDGE);
  for (let row = 0; row < rows; row++) {
    const weights = from.subarray(row * size, (row + 1) * size);
    const said = narrow.map((values) => values.reduce((sum, value, i) => sum + value * at(weights, i), 0));
    to.set(weightsFor(said), row * wideSize);
  }
}
