import type { ScanBody, Scanned, ScanStep } from "../../src/graph/ops/scan.ts";
import { concat } from "../../src/graph/ops/shape.ts";
import { reshape } from "../../src/graph/ops/stretch.ts";
import { slice } from "../../src/graph/ops/window.ts";
import type { Tensor } from "../../src/graph/tensor.ts";

/** What `scan` computes, as a graph with every step in it. */
export function unrolled(
  body: ScanBody,
  { initial, sequences, shared = [], reverse = false }: Scanned,
): ScanStep {
  const [steps] = sequences[0].shape;
  const element = (x: Tensor, step: number) =>
    reshape(slice(x, [step, ...x.shape.slice(1).map(() => 0)], [1, ...x.shape.slice(1)]), x.shape.slice(1));
  const order = Array.from({ length: steps }, (_, i) => (reverse ? steps - 1 - i : i));
  let states = initial;
  const made: (readonly Tensor[])[] = [];
  for (const step of order) {
    const next = body(
      states,
      sequences.map((x) => element(x, step)),
      shared,
    );
    states = next.states;
    made[step] = next.outputs;
  }
  const outputs = made[0].map((_, i) =>
    concat(
      made.map((each) => reshape(each[i], [1, ...each[i].shape])),
      0,
    ),
  );
  return { states, outputs };
}
