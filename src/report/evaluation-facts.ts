import { at } from "../base/at.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { percent } from "./measures.ts";

const MOST_NAMED = 12;

/** Categories by their names, or only how many where there are more. */
export const namedOrCounted = (categories: readonly string[]): string =>
  categories.length <= MOST_NAMED ? categories.join(", ") : `${categories.length} categories`;

/** What has to be known with every number of an evaluation, as sentences. */
export function evaluationFacts(evaluation: Evaluation): string[] {
  const { network, count, categories, reference, training, bestOf, realRecognition: real } = evaluation;
  const { secondJudge } = evaluation;
  const facts = [
    `N = ${count} drawings on each side: ${namedOrCounted(categories)}.`,
    `Compared with ${reference}.`,
    `Features: ${network.name} ${network.hash}, ${network.size} of a drawing.`,
  ];
  if (training > 0) facts.push(`Novelty: against ${training} training drawings.`);
  if (bestOf !== undefined) facts.push(`Picked: each drawing by a model is the best of ${bestOf}.`);
  if (real !== undefined)
    facts.push(
      `The held-out drawings themselves: top-1 ${percent(real.top1)}, top-5 ${percent(real.top5)}, agreement ${percent(real.agreement)}.`,
    );
  if (secondJudge !== undefined) facts.push(secondFact(evaluation, secondJudge));
  return facts;
}

function secondFact(
  { network: first, bestOf }: Evaluation,
  { network, realRecognition }: Evaluation,
): string {
  const { name, hash, size } = network;
  const sure = realRecognition
    ? `; the held-out drawings themselves: top-1 ${percent(realRecognition.top1)}, top-5 ${percent(realRecognition.top5)}`
    : "";
  const fairer = bestOf === undefined ? "" : ` ${first.name} picked, so ${name} is the fairer judge.`;
  return `Second judge: ${name} ${hash}, ${size} features of a drawing${sure}.${fairer}`;
}

/** How to read the directions and the first row. */
export const howToRead = ({ rows }: Evaluation): string =>
  `↓ lower is better, ↑ higher is better, → 1 best near 1. The floor, "${at(rows, 0).name}", is what perfect drawings would score at this N.`;
