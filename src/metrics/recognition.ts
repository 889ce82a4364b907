import { at } from "../base/at.ts";
import { UserError } from "../base/errors.ts";
import type { CategoryResult, Recognition } from "./evaluation.ts";

/** What a network said of drawings and what had been asked for. */
export interface Answers {
  /** [count, categories] */
  readonly logits: Float32Array;
  /** The category asked for, as its place in `categories`: [count]. */
  readonly labels: Uint32Array;
  /** What the logits speak of. */
  readonly categories: readonly string[];
}

function checkAnswers({ logits, labels, categories }: Answers): void {
  if (logits.length !== labels.length * categories.length)
    throw new RangeError(
      `logits of ${labels.length} drawings and ${categories.length} categories are ${labels.length * categories.length} values, found ${logits.length}`,
    );
  if (labels.length === 0)
    throw new UserError("recognition needs at least 1 drawing, found none: evaluate more.");
  const stranger = labels.find((label) => label >= categories.length);
  if (stranger !== undefined)
    throw new RangeError(
      `labels must be below ${categories.length}, the number of categories, found ${stranger}`,
    );
  if (!logits.every(Number.isFinite))
    throw new UserError("recognition needs finite logits: check the feature network and the drawings.");
}

/** How many of `rivals` the network holds likelier than `label`; of equally likely ones the first in order wins. */
function rankOf(logits: Float32Array, label: number, rivals: Iterable<number>): number {
  const own = at(logits, label);
  let rank = 0;
  for (const rival of rivals) {
    const logit = logits[rival] ?? 0;
    if (logit > own || (logit === own && rival < label)) rank++;
  }
  return rank;
}

const rowOf = ({ logits, categories }: Answers, i: number): Float32Array =>
  logits.subarray(i * categories.length, (i + 1) * categories.length);

/**
 * How a network recognises drawings, all together and per category asked for; shares of 0 to 1. Of equal logits the
 * first in order counts as the higher one.
 * @throws UserError without drawings or with logits that are not finite; RangeError where shapes or labels do not fit.
 */
export function recognition(
  answers: Answers,
): Recognition & { readonly perCategory: Readonly<Record<string, CategoryResult>> } {
  checkAnswers(answers);
  const { labels, categories } = answers;
  const all = categories.map((_, i) => i);
  const asked = [...new Set(labels)];
  const drawings = Array.from(labels, (label, i) => {
    const logits = rowOf(answers, i);
    return { label, rank: rankOf(logits, label, all), rankAmongAsked: rankOf(logits, label, asked) };
  });
  type Drawing = (typeof drawings)[number];
  const share = (of: readonly Drawing[], holds: (drawing: Drawing) => boolean) =>
    of.filter(holds).length / of.length;
  const top1 = ({ rank }: Drawing) => rank < 1;
  const top5 = ({ rank }: Drawing) => rank < 5;
  const perCategory = Object.fromEntries(
    asked
      .sort((a, b) => a - b)
      .map((category) => {
        const own = drawings.filter(({ label }) => label === category);
        return [categories[category], { count: own.length, top1: share(own, top1), top5: share(own, top5) }];
      }),
  );
  return {
    top1: share(drawings, top1),
    top5: share(drawings, top5),
    agreement: share(drawings, ({ rankAmongAsked }) => rankAmongAsked < 1),
    perCategory,
  };
}

/** One category taken for another. */
export interface Confusion {
  readonly asked: string;
  readonly said: string;
  /** Drawings of the asked category that the network took for the other. */
  readonly count: number;
  /** Their share of the drawings of the asked category, 0 to 1. */
  readonly share: number;
}

/**
 * The `most` most frequent pairs of an asked category and another that is the network's first guess, most frequent
 * first; equally frequent ones in the order of the categories.
 * @throws UserError without drawings or with logits that are not finite; RangeError where shapes or labels do not fit.
 */
export function confusions(answers: Answers, most: number): Confusion[] {
  checkAnswers(answers);
  const { labels, categories } = answers;
  const asked = new Uint32Array(categories.length);
  const pairs = new Map<number, number>();
  labels.forEach((label, i) => {
    asked[label] = at(asked, label) + 1;
    const said = rowOf(answers, i).reduce((best, logit, j, row) => (logit > (row[best] ?? 0) ? j : best), 0);
    const pair = label * categories.length + said;
    if (said !== label) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  });
  return [...pairs]
    .sort(([a, countA], [b, countB]) => countB - countA || a - b)
    .slice(0, most)
    .map(([pair, count]) => {
      const label = Math.floor(pair / categories.length);
      return {
        asked: at(categories, label),
        said: at(categories, pair % categories.length),
        count,
        share: count / at(asked, label),
      };
    });
}
