import { at } from "../../base/at.ts";
import { pullback, topologicalOrder } from "../gradient.ts";
import { type Shape, ShapeError, sameShape, showShape } from "../shape.ts";
import { type Attributes, defineOp, input, type Tensor } from "../tensor.ts";
import { zeros } from "../zeros.ts";
import { add } from "./elementwise.ts";

type Tensors = readonly Tensor[];

/** What a recurrence goes over. */
export interface Scanned<
  States extends Tensors = Tensors,
  Elements extends Tensors = Tensors,
  Shared extends Tensors = Tensors,
> {
  /** The states before the first step. */
  readonly initial: States;
  /** [steps, ...] each: a step is given what lies behind the first axis. */
  readonly sequences: Elements;
  /** What is the same in every step, such as weights. */
  readonly shared?: Shared;
  /** No gradient flows to what is shared: it is found in another way. */
  readonly frozen?: boolean;
  /** From the last step to the first; outputs keep the order of the sequences. */
  readonly reverse?: boolean;
}

/** What one step makes: the states of the next step, and an element of each output. */
export interface ScanStep<States extends Tensors = Tensors, Outputs extends Tensors = Tensors> {
  readonly states: States;
  readonly outputs: Outputs;
}

/**
 * One step: from the states, an element of each sequence, and what is shared. It is written more than once, so it uses
 * nothing else but constants.
 */
export type ScanBody<
  States extends Tensors = Tensors,
  Elements extends Tensors = Tensors,
  Shared extends Tensors = Tensors,
  Outputs extends Tensors = Tensors,
> = (states: States, elements: Elements, shared: Shared) => ScanStep<States, Outputs>;

/**
 * Recurrence: `body` computes one step after the other. It is written as one ONNX Scan, so that neither the graph nor
 * the memory for what is inside of a step grows with the number of steps.
 *
 * The gradient is a scan in the other direction. It computes each step again from its states, which are kept, instead of
 * keeping everything that is inside of a step.
 * @returns the states after the last step, and the outputs of all steps, [steps, ...] each
 */
export function scan<
  const States extends Tensors,
  const Elements extends Tensors,
  const Shared extends Tensors,
  const Outputs extends Tensors,
>(
  body: ScanBody<States, Elements, Shared, Outputs>,
  scanned: Scanned<States, Elements, Shared>,
): ScanStep<States, Outputs>;
export function scan(
  body: ScanBody,
  { initial, sequences, shared = [], frozen = false, reverse = false }: Scanned,
): ScanStep {
  const steps = stepsOf(sequences);
  const placeholders = (what: string, shapes: readonly Shape[]) =>
    shapes.map((shape, i) => input(`${what} ${i}`, shape));
  const states = placeholders("state", shapesOf(initial));
  const elements = placeholders(
    "element",
    shapesOf(sequences).map(([, ...rest]) => rest),
  );
  const common = placeholders("shared", shapesOf(shared));
  const made = body(states, elements, common);
  checkStates(states, made.states);
  const results = [...made.states, ...made.outputs, ...states];
  const nodes = topologicalOrder(results);
  const parts = new Set([...states, ...elements, ...common].map(({ node }) => node));
  for (const node of nodes) {
    if (node.name !== undefined && !parts.has(node))
      throw new ShapeError(`scan: a step uses "${node.name}" from outside; give it among shared`);
  }
  const stacked = ({ shape, dtype }: Tensor) => ({ shape: [steps, ...shape], dtype });
  const outputsFrom = states.length;
  const statesFrom = outputsFrom + made.outputs.length;

  const apply = defineOp<Attributes, number, number>({
    name: "scan",
    // The states before each step come last: the gradient begins with them.
    infer: () => [...states, ...made.outputs.map(stacked), ...states.map(stacked)],
    gradient({ outputs }, given) {
      const ofOutputs = outputs.slice(0, statesFrom).map(({ shape }, i) => given[i] ?? zeros(shape));
      const [ofStates, ofEach] = [ofOutputs.slice(0, outputsFrom), ofOutputs.slice(outputsFrom)];
      const before = outputs.slice(statesFrom);
      const scanned = { initial: before, sequences, shared, frozen, reverse: !reverse };
      return backwards(body, scanned, ofStates, ofEach);
    },
    emit(onnx, _, names, resultNames) {
      const ofSteps = initial.length + sequences.length;
      const graph = onnx.subgraph([...states, ...elements], (inner, partNames) => {
        for (const [i, part] of [...states, ...elements].entries()) inner.rename(part, at(partNames, i));
        for (const [i, part] of common.entries()) inner.rename(part, at(names, ofSteps + i));
        return inner.write(results).map((name, i) => {
          // A name of its own, as a body may hand on what it is given.
          const to = inner.name();
          inner.node("Identity", [name], [to]);
          return [to, at(results, i)] as const;
        });
      });
      const directions = (count: number) => Array<number>(count).fill(Number(reverse));
      onnx.node("Scan", names.slice(0, ofSteps), resultNames, {
        body: { graph },
        num_scan_inputs: sequences.length,
        scan_input_directions: directions(sequences.length),
        scan_output_directions: directions(results.length - states.length),
      });
    },
    flops: () => steps * nodes.reduce((total, node) => total + node.flops(), 0),
  });
  const all = apply([...initial, ...sequences, ...shared], {});
  return { states: all.slice(0, outputsFrom), outputs: all.slice(outputsFrom, statesFrom) };
}

/**
 * Gradients of the initial states, the sequences and what is shared.
 * @param scanned the recurrence, with the states before each step, [steps, ...], in the place of the initial ones
 * @param ofStates gradients of the last states
 * @param ofOutputs gradients of the outputs, [steps, ...]
 */
function backwards(
  body: ScanBody,
  { initial: before, sequences, shared = [], frozen = false, reverse }: Scanned,
  ofStates: readonly Tensor[],
  ofOutputs: readonly Tensor[],
): readonly Tensor[] {
  const learnt = frozen ? [] : shared;
  const step: ScanBody = (carried, given, common) => {
    const states = given.slice(0, before.length);
    const elements = given.slice(before.length, before.length + sequences.length);
    const made = body(states, elements, common);
    const after = [...carried.slice(0, before.length), ...given.slice(before.length + sequences.length)];
    const found = pullback([...made.states, ...made.outputs], after, [
      ...states,
      ...elements,
      ...common.slice(0, learnt.length),
    ]);
    const sums = carried
      .slice(before.length)
      .map((sum, i) => add(sum, at(found, states.length + elements.length + i)));
    return {
      states: [...found.slice(0, states.length), ...sums],
      outputs: found.slice(states.length, states.length + elements.length),
    };
  };
  const initial = [...ofStates, ...learnt.map(({ shape }) => zeros(shape))];
  const { states, outputs } = scan(step, {
    initial,
    sequences: [...before, ...sequences, ...ofOutputs],
    shared,
    ...(reverse !== undefined && { reverse }),
  });
  return [...states.slice(0, before.length), ...outputs, ...states.slice(before.length)];
}

const shapesOf = (tensors: readonly Tensor[]): readonly Shape[] => tensors.map(({ shape }) => shape);

function stepsOf(sequences: readonly Tensor[]): number {
  const [steps, ...others] = sequences.map(({ shape: [first] }) => first);
  if (steps === undefined) throw new ShapeError("scan: needs a sequence [steps, ...] to go over");
  const other = others.find((count) => count !== steps);
  if (other !== undefined)
    throw new ShapeError(`scan: sequences of ${steps} and of ${other} steps; they must be equally long`);
  return steps;
}

function checkStates(before: readonly Tensor[], after: readonly Tensor[]): void {
  for (const [i, { shape }] of before.entries()) {
    const next = after[i]?.shape;
    if (next === undefined || after.length !== before.length)
      throw new ShapeError(`scan: a step of ${before.length} states makes ${after.length}`);
    if (!sameShape(next, shape))
      throw new ShapeError(`scan: state ${i} is ${showShape(shape)}, a step makes ${showShape(next)} of it`);
  }
}
