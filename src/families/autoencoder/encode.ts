import { joined } from "../../base/joined.ts";
import { parameterViews } from "../../nn/parameters.ts";
import type { RowsProgram, Runtime } from "../../runtime/runtime.ts";
import { withPen } from "../../sketch/pen-channel.ts";
import type { TrainingSet } from "../denoiser/training-set.ts";
import { type Autoencoder, buildEncoder } from "./autoencoder.ts";
import type { CodeSettings } from "./settings.ts";

/** Compiles an encoder for at least so many drawings. */
export const compileEncoder = <S extends CodeSettings>(
  autoencoder: Pick<Autoencoder<S>, "encode">,
  settings: S,
  weights: Float32Array,
  atLeast: number,
  runtime: Runtime,
): Promise<RowsProgram<"codes">> =>
  runtime.compileRows(
    (rows) => ({ codes: buildEncoder(autoencoder, settings, rows).codes }),
    atLeast,
    parameterViews(buildEncoder(autoencoder, settings, 1).parameters, weights),
  );

/** The codes of all drawings of a training set, [drawings, points of a code, channels]. */
export async function encodeAll<S extends CodeSettings>(
  autoencoder: Pick<Autoencoder<S>, "encode">,
  settings: S,
  weights: Float32Array,
  { values, pens, labels, points }: TrainingSet,
  runtime: Runtime,
): Promise<Float32Array> {
  const drawings = withPen(values, pens);
  const program = await compileEncoder(autoencoder, settings, weights, runtime.mostRows, runtime);
  const size = 3 * points;
  const parts: Float32Array[] = [];
  for (let first = 0; first < labels.length; first += program.rows) {
    const rows = new Float32Array(program.rows * size);
    const some = drawings.subarray(first * size, (first + program.rows) * size);
    rows.set(some);
    const { codes } = await program.run({ drawings: rows });
    parts.push(codes.slice(0, (codes.length / program.rows) * (some.length / size)));
  }
  await program.dispose();
  return joined(parts);
}
