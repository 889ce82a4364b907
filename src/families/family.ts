import { z } from "zod";
import { checked } from "../base/check.ts";
import { valueAt } from "../base/settings.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Parameter } from "../nn/parameters.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { Optimisation } from "../training/optimisation.ts";
import { type Origin, originSchema } from "../training/origin.ts";
import type { Stage } from "../training/stage.ts";
import type { HeldOutLoss, Task } from "../training/task.ts";
import type { DrawSettings, drawKeys } from "./request.ts";
import { type DataSettings, dataSettings, type ReportSettings, reportSettings } from "./run-settings.ts";
import type { Session } from "./session.ts";

/** The newest layout of a model's configuration that this version reads. */
export const MODEL_FORMAT = 2;

/** The configuration of a training run of whatever family. */
export interface AnyRun {
  readonly origin?: Origin | undefined;
  readonly data: DataSettings;
  readonly network: { readonly family: string };
  /** By the names of the family's stages. */
  readonly optimisation: Readonly<Record<string, Optimisation>>;
  readonly sampling: object;
  readonly report: ReportSettings;
}

/** What a trained model of whatever family is, and how it draws unless told otherwise. */
export interface AnyModelConfig {
  readonly format: number;
  readonly categories: readonly string[];
  readonly network: { readonly family: string };
  /** Measured of the training drawings. */
  readonly learnt: object;
  readonly sampling: object;
}

/** A trained network of whatever family. */
export interface AnyModel {
  readonly config: AnyModelConfig;
  /** All weights, in the order of the family's parameters. */
  readonly weights: Float32Array;
  /** The weights whose prediction without a category guidance goes away from; the model's own where left out. */
  readonly guide?: Float32Array;
}

/** Training drawings of one category. */
export interface CategoryDrawings {
  readonly category: string;
  readonly sketches: readonly Sketch[];
}

/** A training that can begin. */
export interface Training {
  readonly stages: readonly Stage[];
  /** Drawings that do not fit into the network, and are left out. */
  readonly left: number;
  /** The model of all stages' weights. */
  model(weights: readonly Float32Array[]): AnyModel;
}

/** What a student shall do of its teacher's work. */
export interface Distillation {
  /** Evaluations in which the student shall draw. */
  readonly steps: number;
  /** Evaluations of the teacher that one of the student stands for; 1 teaches nothing but the guidance. */
  readonly substeps: number;
  /** The teacher's guidance, which the student then has without asking twice. */
  readonly guidance: number;
  /** Where given, the student learns any guidance from 0 to this and is told which; `guidance` is what it takes unless told. */
  readonly maxGuidance?: number;
}

/** What an adapter says of itself to the model that it is merged into. */
interface AdapterOver {
  readonly category: string;
  readonly rank: number;
  /** Weight of guidance that the category is drawn with. */
  readonly guidance: number;
  /** Measured of its drawings. */
  readonly learnt: object;
}

/** Drawings of one category to teach with. */
export interface TeachingDrawings {
  readonly category: string;
  readonly train: readonly Sketch[];
  /** At least one. */
  readonly heldOut: readonly Sketch[];
}

/** How an adapter is taught. */
export interface TeachingSettings {
  readonly rank: number;
  /** Rounded up to whole epochs of the lesson. */
  readonly steps: number;
  readonly seed: number;
}

/** A teaching that can begin. */
export interface Lesson {
  /** An epoch is what lies between two looks at the drawings held out; a drawing comes many times in one. */
  readonly optimisation: Optimisation;
  /** Its parameters are the adapter's. */
  readonly task: Task;
  readonly heldOut: HeldOutLoss;
  /** Measured of the drawings. */
  readonly learnt: object;
  /** Drawings that do not fit into the network, and are left out. */
  readonly left: number;
}

/** Adapters of a family's models: few numbers of a category's own over weights that stay as they are. */
export interface Adapting {
  /** Of an adapter of so high a rank. */
  parameters(model: AnyModel, rank: number): readonly Parameter[];
  /**
   * The model that draws the adapter's category and no other.
   * @param own the values of the adapter's parameters, in their order.
   */
  merge(model: AnyModel, adapter: AdapterOver, own: Float32Array): AnyModel;
  /** Throws a UserError for a model that cannot be taught, and where no drawing fits into its network. */
  lesson(model: AnyModel, drawings: TeachingDrawings, settings: TeachingSettings): Lesson;
}

/**
 * A kind of model: its settings, its training, its drawing. What it has no method for, it cannot do. Configurations of
 * other families are refused.
 */
export interface Family<Run extends AnyRun = AnyRun, Config extends AnyModelConfig = AnyModelConfig> {
  readonly name: string;
  /** Of a run, section by section; a key's description is its help. */
  readonly runSchema: z.ZodObject;
  readonly presets: Readonly<Record<string, Run>>;
  /** A checked configuration of a run; throws a UsageError that names every wrong key. */
  parseRun(value: unknown, name: string): Run;
  /** A checked configuration of a model; throws a UserError that names every wrong key. */
  parseModel(value: unknown, name: string): Config;
  /** Of all stages in order; they do not depend on the batch. */
  parameters(config: AnyModelConfig): readonly Parameter[];
  /** The least memory that drawing one drawing takes, in bytes, and the settings that ask for it. */
  leastBytes(config: AnyModelConfig): { readonly bytes: number; readonly because: string };
  /** What a request may ask of how its models draw. */
  readonly drawKeys: Partial<typeof drawKeys>;
  /** How a model draws: as it is told, else in its own way. Throws a UserError for what it cannot do. */
  drawSettings(config: AnyModelConfig, told: Partial<DrawSettings>): Partial<DrawSettings>;
  /** Before drawings are read: throws a UserError where a training of the run cannot begin, with a model's weights if given. */
  requireStart(run: AnyRun, from?: AnyModel): void;
  /** @param from a trained model whose weights and normalisation the training begins with. */
  training(run: AnyRun, drawings: readonly CategoryDrawings[], from?: AnyModel): Training;
  open(model: AnyModel, runtime: Runtime): Session;
  /** The networks that its models draw with, by name, as the bytes of ONNX models for any number of drawings, "batch". */
  exportOnnx(model: AnyModel): Readonly<Record<string, Uint8Array>>;
  /** Trains a student of a model; the run's categories are among the model's. */
  distillation?(
    run: AnyRun,
    drawings: readonly CategoryDrawings[],
    teacher: AnyModel,
    wanted: Distillation,
  ): Training;
  readonly adapting?: Adapting;
  /** The network as a graph for a number of drawings. */
  buildNetwork?(
    of: Pick<AnyModelConfig, "network" | "categories">,
    batch: number,
  ): {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly output: Readonly<Record<string, Tensor>>;
    readonly parameters: readonly Parameter[];
  };
  /** The noise schedule in the terms of diffusers. */
  scheduler?(config: AnyModelConfig): object;
  /** Multiplications and additions of one evaluation for one drawing. */
  evaluationFlops?(config: AnyModelConfig): number;
}

/** A rule between settings that is broken. */
export interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

interface Schemas<
  S extends z.ZodObject,
  O extends Readonly<Record<string, z.ZodObject>>,
  D extends z.ZodObject,
  L extends z.ZodObject,
> {
  /** The network's settings, with `family: z.literal(name)`. */
  readonly network: S;
  /** How each stage is trained, in the order of training: the keys of every optimisation, and the stage's own. */
  readonly stages: O;
  readonly sampling: D;
  readonly learnt: L;
  /** Rules between the settings of a network and how it draws, each of which is right by itself. */
  problems(network: unknown, sampling: unknown): Iterable<Problem>;
}

/** Of a run, section by section. */
type RunSchema<S extends z.ZodObject, O extends z.core.$ZodShape, D extends z.ZodObject> = z.ZodObject<
  {
    origin: typeof originSchema;
    data: typeof dataSettings;
    network: S;
    optimisation: z.ZodObject<O, z.core.$strict>;
    sampling: D;
    report: typeof reportSettings;
  },
  z.core.$strict
>;

const headKeys = {
  format: z.int().min(1),
  categories: z
    .array(z.string())
    .min(1)
    .refine((names) => new Set(names).size === names.length, "expected each category once"),
};

/** Of a model. */
type ModelSchema<S extends z.ZodObject, D extends z.ZodObject, L extends z.ZodObject> = z.ZodObject<
  typeof headKeys & { network: S; learnt: L; sampling: D },
  z.core.$strict
>;

/** What reads a family's runs and models; written out, since their inferred types are no valid declarations. */
export interface FamilySchemas<
  S extends z.ZodObject,
  O extends z.core.$ZodShape,
  D extends z.ZodObject,
  L extends z.ZodObject,
> {
  readonly runSchema: RunSchema<S, O, D>;
  parseNetwork(value: unknown, name: string): z.output<S>;
  parseRun(value: unknown, name: string): z.output<RunSchema<S, O, D>>;
  parseModel(value: unknown, name: string): z.output<ModelSchema<S, D, L>>;
}

/** Schemas of a family's runs and models, from those of their sections. */
export function familySchemas<
  S extends z.ZodObject,
  O extends Readonly<Record<string, z.ZodObject>>,
  D extends z.ZodObject,
  L extends z.ZodObject,
>({ network, stages, sampling, learnt, problems }: Schemas<S, O, D, L>): FamilySchemas<S, O, D, L> {
  const runSchema: RunSchema<S, O, D> = z.strictObject({
    origin: originSchema,
    data: dataSettings,
    network,
    optimisation: z.strictObject(stages),
    sampling,
    report: reportSettings,
  });
  const modelSchema: ModelSchema<S, D, L> = z.strictObject({ ...headKeys, network, learnt, sampling });
  const refuse = ({ value, issues }: z.core.ParsePayload): void => {
    for (const { path, message } of problems(valueAt(value, ["network"]), valueAt(value, ["sampling"])))
      issues.push({ code: "custom", path: [...path], message, input: value });
  };
  const runs = runSchema.check(refuse);
  const models = modelSchema.check(refuse);
  return {
    runSchema,
    parseNetwork: (value, name) => checked(network, value, name),
    parseRun: (value, name) => checked(runs, value, name),
    parseModel: (value, name) => checked(models, value, name),
  };
}
