import { reshape } from "../../graph/ops/stretch.ts";
import { input } from "../../graph/tensor.ts";
import { type Parameter, parameterScope, parameterViews } from "../../nn/parameters.ts";
import type { Initializers } from "../../runtime/session.ts";
import { encode } from "./encoder.ts";
import type { Head } from "./head.ts";
import { begin, contextWidth, decode, penLogits } from "./network.ts";
import type { Part } from "./part.ts";
import type { SketchRnnDraws, SketchRnnModel, SketchRnnSettings } from "./settings.ts";
import { STEP } from "./stroke5.ts";
import { decodingLoss, shifted } from "./task.ts";

/** All parameters of a decoder and its head, in order. */
export const parametersOf = <S extends SketchRnnSettings>(
  head: Head<S>,
  network: S,
  classes: number,
): readonly Parameter[] => decodingLoss(head, network, classes, 1, false).parameters;

/** From labels [rows] and codes, where there are any, to what drawings begin with. */
export function buildBeginning(
  settings: SketchRnnSettings,
  classes: number,
  rows: number,
): Part<"context" | "hidden" | "cell"> {
  const { scope, parameters } = parameterScope();
  const { codeWidth } = settings;
  const code = codeWidth && input("code", [rows, codeWidth]);
  const { context, state } = begin(
    scope,
    settings,
    classes,
    input("labels", [rows], "int64"),
    code || undefined,
  );
  return { outputs: { context, ...state }, parameters };
}

/** From drawings [rows, points + 1, 5], as `stroke5` writes them, to the middle of how their codes are distributed. */
export function buildEncoder(settings: SketchRnnSettings, codeWidth: number, rows: number): Part<"code"> {
  const { scope, parameters } = parameterScope();
  const { given, next } = shifted(input("drawings", [rows, settings.points + 1, STEP]));
  const { mean } = encode(scope.child("encoder"), settings, codeWidth, given, next);
  return { outputs: { code: mean }, parameters };
}

/** One step of drawings: the state after it, and what is said of the next one. */
export function buildStep<S extends SketchRnnSettings>(
  head: Head<S>,
  settings: S,
  rows: number,
): Part<"nextHidden" | "nextCell" | "pen" | "output"> {
  const { hidden } = settings;
  const { scope, parameters } = parameterScope();
  const beginning = {
    context: input("context", [rows, contextWidth(settings)]),
    state: { hidden: input("hidden", [rows, hidden]), cell: input("cell", [rows, hidden]) },
  };
  const step = reshape(input("step", [rows, STEP]), [1, rows, STEP]);
  const { last } = decode(scope, settings, step, beginning);
  const outputs = {
    nextHidden: last.hidden,
    nextCell: last.cell,
    pen: penLogits(scope, last.hidden),
    output: head.output(scope.child("head"), settings, last.hidden),
  };
  return { outputs, parameters };
}

/** A model's weights by name. */
export const weightsOf = <S extends SketchRnnSettings, D extends SketchRnnDraws>(
  head: Head<S, D>,
  { config: { network, categories }, weights }: SketchRnnModel<S, D>,
): Initializers => parameterViews(parametersOf(head, network, categories.length), weights);
