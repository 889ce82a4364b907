import { z } from "zod";
import { at } from "../base/at.ts";
import { checked, type KeysOf } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { wholeNumber } from "../base/numbers.ts";
import { sketchSchema } from "../sketch/schema.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { CategoryResult, Evaluation, EvaluationRow, Measures } from "./evaluation.ts";
import type { Description, FeatureNetwork, Features } from "./features.ts";
import { frechetDistance, frechetInfinity } from "./frechet.ts";
import { kernelDistance } from "./kernel-distance.ts";
import {
  compareManifolds,
  LEAST_DRAWINGS,
  type Manifold,
  manifoldOf,
  nearestDistances,
} from "./neighbours.ts";
import { novelty } from "./novelty.ts";
import { pixelFid, pixelKid, pixelVector } from "./pixel.ts";
import { recognition } from "./recognition.ts";
import { sequenceDistances } from "./sequence.ts";

/** A set of N drawings, drawing i of the category `labels[i]` of its request. */
export interface DrawingSet {
  readonly name: string;
  /** What the drawings are and how they were made. */
  readonly description: string;
  readonly sketches: readonly Sketch[];
}

/** Sets of drawings to be measured, all of the same size. */
export interface EvaluationRequest {
  readonly network: FeatureNetwork;
  readonly categories: readonly string[];
  /** Category of each place, as its place in `categories`; the same for all sets. */
  readonly labels: readonly number[];
  /** Held-out real drawings, which everything is compared with. */
  readonly reference: DrawingSet;
  /** Real training drawings: the floor. */
  readonly floor: DrawingSet;
  /** Training drawings that novelty is measured against, any number of them; none: no novelty. */
  readonly training: readonly Sketch[];
  readonly generated: readonly DrawingSet[];
  /** Each drawing by a model is the best of so many. */
  readonly bestOf?: number;
  /** Of the random subsets of KID and of FID's extrapolation. */
  readonly seed: number;
}

const setSchema = z.looseObject({
  name: z.string(),
  description: z.string(),
  sketches: z.array(sketchSchema),
});
const requestKeys = {
  network: z.custom<FeatureNetwork>(
    (value) => typeof value === "object" && value !== null && "describe" in value,
    "expected a feature network",
  ),
  categories: z.array(z.string()).min(1),
  labels: z.array(wholeNumber(0)).min(1),
  reference: setSchema,
  floor: setSchema,
  training: z.array(sketchSchema),
  generated: z.array(setSchema).min(1),
  bestOf: wholeNumber(1).optional(),
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
} satisfies KeysOf<EvaluationRequest>;
const requestSchema = z
  .strictObject(requestKeys)
  .refine(({ labels, categories }) => labels.every((label) => label < categories.length), {
    path: ["labels"],
    error: "expected places in categories",
  });

/** What is told while sets are measured, and how that is stopped. */
export interface EvaluateOptions {
  /** Drawings described so far, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Sets measured so far, from 0 on; one of 10,000 drawings takes some 20 s. */
  readonly onMeasured?: (sets: number) => void;
  readonly signal?: AbortSignal;
}

/** An evaluation and, for each drawing of the first generated set, the training drawing nearest to it. */
export interface EvaluationResult {
  readonly evaluation: Evaluation;
  readonly neighbours: readonly { generated: Sketch; nearest: Sketch; distance: number }[];
}

/**
 * Measures sets of drawings against the same held-out real ones, the floor first.
 * @throws UserError for a request that is none, where a set has not one drawing for each label, or too few for a measure.
 */
export async function evaluate(
  request: EvaluationRequest,
  { onProgress, onMeasured, signal }: EvaluateOptions = {},
): Promise<EvaluationResult> {
  checked(requestSchema, request, "evaluate");
  const { network, categories, labels, reference, floor, training, generated, seed } = request;
  const sets = [reference, floor, ...generated];
  for (const { name, sketches } of sets) {
    if (sketches.length !== labels.length)
      throw new UserError(
        `${name} has ${sketches.length} drawings, expected ${labels.length} as in every set.`,
      );
  }
  if (labels.length < LEAST_DRAWINGS)
    throw new UserError(
      `too few drawings to compare: ${labels.length} in each set, expected ${LEAST_DRAWINGS} or more.`,
    );
  let before = 0;
  const total = sets.length * labels.length + training.length;
  const describe = async (sketches: readonly Sketch[]) => {
    const from = before;
    before += sketches.length;
    return network.describe(sketches, {
      onProgress: (done) => onProgress?.(from + done, total),
      ...(signal && { signal }),
    });
  };

  const trained = await describe(training);
  const real = await describe(reference.sketches);
  const others: { set: DrawingSet; described: Description }[] = [];
  for (const set of [floor, ...generated]) others.push({ set, described: await describe(set.sketches) });
  onMeasured?.(0);
  const heldOut = { sketches: reference.sketches, manifold: await manifoldOf(real.features) };
  const recognise = recogniser(network, categories, labels);
  const beyondFloor = others.slice(1).map(({ described }) => described);
  const [expected, ...nearest] = await nearestTraining(trained.features, [real, ...beyondFloor], signal);

  const rows: EvaluationRow[] = [];
  for (const [i, { set, described }] of others.entries()) {
    signal?.throwIfAborted();
    const { name, description, sketches } = set;
    const { perCategory, ...recognised } = recognise(described) ?? {};
    // The floor, which comes first, has none.
    const found = nearest[i - 1];
    const measures: Measures = {
      ...(await compare(heldOut, { sketches, features: described.features }, seed)),
      ...("top1" in recognised && { recognition: recognised }),
      ...(expected && found && { novelty: novelty(found.distances, expected.distances) }),
    };
    onMeasured?.(i + 1);
    rows.push({ name, description, measures, perCategory: perCategory ?? countsOf(categories, labels) });
  }
  const realRecognition = recognise(real);
  const evaluation: Evaluation = {
    format: 1,
    network: { name: network.name, hash: network.hash, size: network.size },
    count: labels.length,
    categories,
    reference: reference.description,
    training: training.length,
    ...(request.bestOf !== undefined && { bestOf: request.bestOf }),
    rows,
    ...(realRecognition && { realRecognition }),
  };
  return { evaluation, neighbours: pairs(at(generated, 0), training, nearest[0]) };
}

/** What needs nothing but the features and the drawings of both sides. */
async function compare(
  real: { readonly sketches: readonly Sketch[]; readonly manifold: Manifold },
  set: { readonly sketches: readonly Sketch[]; readonly features: Features },
  seed: number,
): Promise<Omit<Measures, "recognition" | "novelty">> {
  const { features } = real.manifold;
  return {
    fid: frechetDistance(features, set.features),
    ...(canExtrapolate(set.features) && { fidInfinity: frechetInfinity(features, set.features, seed) }),
    kid: await kernelDistance(features, set.features, { seed }),
    ...(await compareManifolds(real.manifold, await manifoldOf(set.features))),
    sequence: sequenceDistances(real.sketches, set.sketches),
    pixelFid: pixelFid(pixelVectors(real.sketches), pixelVectors(set.sketches)),
    pixelKid: pixelKid(pixelVectors(real.sketches), pixelVectors(set.sketches)),
  };
}

/** FID at infinity takes 30 drawings at least, and 16 FIDs: at 2048 features a quarter of an hour. */
const canExtrapolate = ({ count, size }: Features): boolean => count >= 30 && size <= 1024;

/** One at a time: those of 10,000 drawings take 160 MB. */
function* pixelVectors(sketches: readonly Sketch[]): Generator<Float32Array> {
  for (const sketch of sketches) yield pixelVector(sketch);
}

type Recognised = ReturnType<typeof recognition>;

/** Recognition of sets with these labels, where the network knows all of the categories. */
function recogniser(
  { categories: known = [] }: FeatureNetwork,
  categories: readonly string[],
  labels: readonly number[],
): (description: Description) => Recognised | undefined {
  const places = categories.map((category) => known.indexOf(category));
  const answers = { labels: Uint32Array.from(labels, (label) => at(places, label)), categories: known };
  return ({ logits }) =>
    logits === undefined || places.includes(-1) ? undefined : recognition({ ...answers, logits });
}

function countsOf(categories: readonly string[], labels: readonly number[]): Record<string, CategoryResult> {
  const count = (label: number) => labels.filter((other) => other === label).length;
  return Object.fromEntries(categories.map((category, label) => [category, { count: count(label) }]));
}

type Nearest = Awaited<ReturnType<typeof nearestDistances>>;

async function nearestTraining(
  training: Features,
  sets: readonly Description[],
  signal: AbortSignal | undefined,
): Promise<Nearest[]> {
  if (training.count === 0) return [];
  const found: Nearest[] = [];
  for (const { features } of sets) {
    signal?.throwIfAborted();
    found.push(await nearestDistances(features, training));
  }
  return found;
}

const pairs = (generated: DrawingSet, training: readonly Sketch[], nearest: Nearest | undefined) =>
  nearest === undefined
    ? []
    : generated.sketches.map((sketch, i) => ({
        generated: sketch,
        nearest: at(training, at(nearest.indices, i)),
        distance: at(nearest.distances, i),
      }));
