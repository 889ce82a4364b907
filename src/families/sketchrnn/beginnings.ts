import { at } from "../../base/at.ts";
import { joined } from "../../base/joined.ts";
import type { RandomStream } from "../../base/random.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Initializers } from "../../runtime/session.ts";
import { compilePart } from "./part.ts";
import { buildBeginning } from "./programs.ts";
import type { SketchRnnConfig } from "./settings.ts";

/** What drawings are begun with. */
export interface Begun {
  /** The category's place in the model. */
  readonly label: number;
  /** Another category's, and how much of it, 0 .. 1. */
  readonly blend?: { readonly label: number; readonly share: number };
  /** The code of every drawing; one of its own each unless given, where there are codes. */
  readonly code?: Float32Array;
}

/** What every step is told, and the state before the first one. */
type State = Readonly<Record<"context" | "hidden" | "cell", Float32Array>>;

/** The part of a network that drawings begin with, compiled when it is first asked. */
export interface Beginnings {
  /** Of as many drawings as there are streams. */
  of(streams: readonly RandomStream[], begun: Begun): Promise<State>;
  /** The code that a drawing has unless given one: the first numbers of its stream. */
  codeOf(stream: RandomStream): Float32Array;
  dispose(): Promise<void>;
}

export function openBeginnings(
  { network, categories }: SketchRnnConfig,
  weights: Initializers,
  runtime: Runtime,
): Beginnings {
  const { codeWidth = 0 } = network;
  const compile = () =>
    compilePart((rows) => buildBeginning(network, categories.length, rows), weights, 1, runtime);
  let program: ReturnType<typeof compile> | undefined;

  const codeOf = (stream: RandomStream): Float32Array =>
    Float32Array.from({ length: codeWidth }, () => stream.normal());

  /** Of one drawing; between two categories a mixture of what both begin with. */
  async function one({ label, blend }: Begun, code: Float32Array): Promise<State> {
    program ??= compile();
    const { rows, run } = await program;
    const codes = new Float32Array(rows * codeWidth);
    codes.set(code);
    const of = (which: number) =>
      run({ labels: new BigInt64Array(rows).fill(BigInt(which)), ...(codeWidth > 0 && { code: codes }) });
    const own = await of(label);
    const other = blend && (await of(blend.label));
    const first = (key: keyof State): Float32Array => {
      const values = own[key].slice(0, own[key].length / rows);
      if (blend === undefined || other === undefined) return values;
      return values.map((value, i) => (1 - blend.share) * value + blend.share * at(other[key], i));
    };
    return { context: first("context"), hidden: first("hidden"), cell: first("cell") };
  }

  return {
    codeOf,
    async of(streams, begun) {
      const code = codeWidth > 0 ? begun.code : new Float32Array();
      const same = code && (await one(begun, code));
      const all: State[] = [];
      for (const stream of streams) all.push(same ?? (await one(begun, codeOf(stream))));
      const joint = (key: keyof State) => joined(all.map((state) => state[key]));
      return { context: joint("context"), hidden: joint("hidden"), cell: joint("cell") };
    },
    async dispose() {
      await (await program)?.dispose();
      program = undefined;
    },
  };
}
