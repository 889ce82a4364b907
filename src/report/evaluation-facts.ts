import { at } from "../base/at.ts";
import type { Evaluation } from "../metrics/evaluation.ts";
import { percent } from "./measures.ts";

/** More categories are only counted. */
const MOST_NAMED = 8;

/** What has to be known with every number of an evaluation, as sentences. */
export function evaluationFacts(evaluation: Evaluation): string[] {
  const { network, count, categories, reference, training, bestOf, realRecognition: real } = evaluation;
  const named = categories.length <= MOST_NAMED ? categories.join(", ") : `${categories.length} categories`;
  const facts = [
    `N = ${count} drawings on each side: ${named}.`,
    `Compared with ${reference}.`,
    `Features: ${network.name} ${network.hash}, ${network.size} of a drawing.`,
  ];
  if (training > 0) facts.push(`Novelty: against ${training} training drawings.`);
  if (bestOf !== undefined) facts.push(`Picked: each drawing by a model is the best of ${bestOf}.`);
  if (real !== undefined)
    facts.push(
      `The held-out drawings themselves: top-1 ${percent(real.top1)}, top-5 ${percent(real.top5)}, agreement ${percent(real.agreement)}.`,
    );
  return facts;
}

/** How to read the directions and the first row. */
export const howToRead = ({ rows }: Evaluation): string =>
  `↓ lower is better, ↑ higher is better, → 1 best near 1. The floor, "${at(rows, 0).name}", is what perfect drawings would score at this N.`;
