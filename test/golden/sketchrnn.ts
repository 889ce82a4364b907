import { begin, decode, penLogits } from "../../src/families/sketchrnn/network.ts";
import { weightsOf } from "../../src/families/sketchrnn/programs.ts";
import { head } from "../../src/families/sketchrnn-mdn/head.ts";
import { fromMagenta } from "../../src/families/sketchrnn-mdn/magenta.ts";
import { mixtureOf, negativeLogLikelihood } from "../../src/families/sketchrnn-mdn/mixture.ts";
import { exp, mul, tanh } from "../../src/graph/ops/elementwise.ts";
import { concat, split } from "../../src/graph/ops/shape.ts";
import { logSoftmax, softmax } from "../../src/graph/ops/softmax.ts";
import { reshape, sum } from "../../src/graph/ops/stretch.ts";
import { slice } from "../../src/graph/ops/window.ts";
import { input, scalar } from "../../src/graph/tensor.ts";
import { parameterScope } from "../../src/nn/parameters.ts";
import { compile } from "../../src/runtime/program.ts";
import { type Safetensors, toFloat32 } from "../../src/weights/safetensors.ts";
import { type Check, group, relativeError } from "./check.ts";

const LIMIT = 1e-4;
/** Groups of tensors in the file, and what they are compared with. */
const GROUPS = {
  outputs: ["outputs"],
  states: ["hidden.last", "cell.last"],
  "mixture and pen": ["pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen"],
  likelihoods: ["nll.offsets", "nll.pen"],
};

/** Whether a file of golden numbers is of one of Magenta's generators. */
export const isSketchRnn = ({ metadata }: Safetensors): boolean => "scale_factor" in metadata;

/** Compares one of Magenta's generators with the model that it becomes here; yields a check per group. */
export async function* checkSketchRnn(file: Safetensors, name: string): AsyncGenerator<Check> {
  const model = fromMagenta(file, "rabbit", name);
  const { network } = model.config;
  const get = (key: string): Float32Array => {
    const tensor = file.tensors.get(key);
    return tensor ? toFloat32(tensor) : new Float32Array();
  };
  const inputs = get("inputs");
  const steps = inputs.length / 5;

  const { scope } = parameterScope();
  const given = input("inputs", [steps, 5]);
  const beginning = begin(scope, network, 1, input("labels", [1], "int64"));
  const { outputs, last } = decode(scope, network, reshape(given, [steps, 1, 5]), beginning);
  const hidden = reshape(outputs, [steps, network.hidden]);
  const pen = penLogits(scope, hidden);
  const output = head.output(scope.child("head"), network, hidden);
  const mixture = mixtureOf(output, network);
  // What the first steps say of those after them.
  const but1 = (rows: typeof pen) => slice(rows, [0, 0], [steps - 1, Number(rows.shape[1])]);
  const next = slice(given, [1, 0], [steps - 1, 5]);
  const [offset, state] = split(next, 1, [2, 3]);
  const program = await compile<string>(
    {
      outputs: concat([pen, output], 1),
      "hidden.last": last.hidden,
      "cell.last": last.cell,
      pi: exp(mixture.logPi),
      mu_x: mixture.muX,
      mu_y: mixture.muY,
      sigma_x: mixture.sigmaX,
      sigma_y: mixture.sigmaY,
      rho: tanh(mixture.atanhRho),
      pen: softmax(pen),
      "nll.offsets": negativeLogLikelihood(mixtureOf(but1(output), network), offset),
      "nll.pen": mul(sum(mul(state, logSoftmax(but1(pen))), [1]), scalar(-1)),
    },
    { threads: 1, initializers: weightsOf(head, model) },
  );
  const found = await program.run({ inputs, labels: BigInt64Array.of(0n) });
  await program.dispose();
  for (const [title, keys] of Object.entries(GROUPS))
    yield group(
      title,
      LIMIT,
      keys.map((key) => [key, relativeError(found[key] ?? [], get(key))]),
    );
}
