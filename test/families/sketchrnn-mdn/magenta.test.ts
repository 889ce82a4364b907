import { describe, expect, test } from "vitest";
import { buildStep, weightsOf } from "../../../src/families/sketchrnn/programs.ts";
import { head } from "../../../src/families/sketchrnn-mdn/head.ts";
import { fromMagenta } from "../../../src/families/sketchrnn-mdn/magenta.ts";
import { compile } from "../../../src/runtime/program.ts";
import type { StoredTensor } from "../../../src/weights/safetensors.ts";
import { expectClose, normals } from "../../graph/check.ts";

const [UNITS, MIXTURES] = [3, 2];
const OUTPUTS = 3 + 6 * MIXTURES;
const SHAPES = {
  "lstm.input_weight": [5, 4 * UNITS],
  "lstm.hidden_weight": [UNITS, 4 * UNITS],
  "lstm.bias": [4 * UNITS],
  "output.weight": [UNITS, OUTPUTS],
  "output.bias": [OUTPUTS],
};
const values = Object.fromEntries(
  Object.entries(SHAPES).map(([name, shape], i) => [
    name,
    normals(
      shape.reduce((a, b) => a * b, 1),
      i,
    ),
  ]),
);
const tensors = new Map<string, StoredTensor>(
  Object.entries(SHAPES).map(([name, shape]) => [
    name,
    { dtype: "F32", shape, data: values[name] ?? new Float32Array() },
  ]),
);
const metadata = { units: String(UNITS), mixtures: String(MIXTURES), scale_factor: "61" };

/** x W, for W with the inputs first. */
const product = (x: ArrayLike<number>, name: string, columns: number): number[] =>
  Array.from({ length: columns }, (_, column) =>
    Array.from(x).reduce(
      (sum, value, row) => sum + value * Number(values[name]?.[row * columns + column]),
      0,
    ),
  );
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe("a generator of Magenta's", () => {
  test("takes the step that its equations say", async () => {
    const model = fromMagenta({ tensors, metadata }, "rabbit", "rabbit.safetensors");
    const { outputs, parameters } = buildStep(head, model.config.network, 1);
    const own = parameters.map(({ name }) => name);
    const initializers = new Map([...weightsOf(head, model)].filter(([name]) => own.includes(name)));
    const program = await compile<string>(outputs, { threads: 1, initializers });
    const [step, hidden, cell] = [Float32Array.of(0.5, -1, 0, 1, 0), normals(UNITS, 8), normals(UNITS, 9)];
    const found = await program.run({ context: Float32Array.of(1), step, hidden, cell });
    await program.dispose();

    const ofInput = product(step, "lstm.input_weight", 4 * UNITS);
    const ofHidden = product(hidden, "lstm.hidden_weight", 4 * UNITS);
    const gate = (which: number, unit: number): number => {
      const at = which * UNITS + unit;
      return Number(ofInput[at]) + Number(ofHidden[at]) + Number(values["lstm.bias"]?.[at]);
    };
    // i, g, f, o; 1 is added to f.
    const nextCell = Array.from(
      cell,
      (c, unit) => sigmoid(gate(2, unit) + 1) * c + sigmoid(gate(0, unit)) * Math.tanh(gate(1, unit)),
    );
    const nextHidden = nextCell.map((c, unit) => sigmoid(gate(3, unit)) * Math.tanh(c));
    const output = product(nextHidden, "output.weight", OUTPUTS).map(
      (value, i) => value + Number(values["output.bias"]?.[i]),
    );
    expectClose(found.nextCell ?? [], nextCell, 1e-6, "cell");
    expectClose(found.nextHidden ?? [], nextHidden, 1e-6, "hidden");
    expectClose(found.pen ?? [], output.slice(0, 3), 1e-6, "pen");
    expectClose(found.output ?? [], output.slice(3), 1e-6, "mixture");
  });

  test("draws in its own unit, and its category alone", () => {
    const { config } = fromMagenta({ tensors, metadata }, "rabbit", "rabbit.safetensors");
    expect(config).toMatchObject({ categories: ["rabbit"], learnt: { scale: 61 } });
  });

  test("is refused where a tensor or a number is missing or of another size", () => {
    const without = new Map([...tensors].filter(([name]) => name !== "lstm.bias"));
    const from = (file: Parameters<typeof fromMagenta>[0]) => () => fromMagenta(file, "rabbit", "some.file");
    expect(from({ tensors: without, metadata })).toThrow(
      'some.file: expected a tensor "lstm.bias" of 12 numbers, found none.',
    );
    expect(from({ tensors, metadata: { ...metadata, units: "4" } })).toThrow(
      'some.file: expected a tensor "output.weight" of 60 numbers, found 45.',
    );
    expect(from({ tensors, metadata: {} })).toThrow(
      'some.file: expected a number above 0 as "units" in its metadata, found undefined.',
    );
  });
});
