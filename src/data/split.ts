import { z } from "zod";
import { checked, type KeysOf } from "../base/check.ts";
import { messageOf, UserError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { wholeNumber } from "../base/numbers.ts";
import { pythonRandom } from "./mersenne-twister.ts";

/** Sorted line numbers, from 0, into a category's file: the content of `subset/<category>/indices.json`. */
export interface Split {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** A category to split: the lines of its file and how many of them to take; left out, `splitSizes` of the total. */
export interface SplitRequest {
  readonly category: string;
  readonly total: number;
  readonly train?: number;
  readonly test?: number;
}

const requestsSchema = z.array(
  z.looseObject({
    category: z.string(),
    total: wholeNumber(0, 2 ** 32),
    train: wholeNumber(0).optional(),
    test: wholeNumber(0).optional(),
  } satisfies KeysOf<SplitRequest>),
);
const seedSchema = z.object({ seed: wholeNumber(0, Number.MAX_SAFE_INTEGER) });

const TRAIN = 10_000;
const TEST = 2_000;

/** 10,000 for training and 2,000 for testing; of fewer than 12,000 lines a sixth for testing and the rest for training. */
export function splitSizes(total: number): { train: number; test: number } {
  const test = Math.min(TEST, Math.floor(total / 6));
  return { train: Math.min(TRAIN, total - test), test };
}

/**
 * The seed's split (seed/system.md, "Data"): one Python generator goes on through the categories, in their order, and
 * shuffles the line numbers of each; the first are for training, the next for testing.
 * @throws UserError when a category has fewer lines than asked for.
 */
export function splitLines(requests: readonly SplitRequest[], seed = 42): Map<string, Split> {
  checked(requestsSchema, requests, "splitLines");
  checked(seedSchema, { seed }, "splitLines");
  const random = pythonRandom(seed);
  const splits = new Map<string, Split>();
  for (const { category, total, ...asked } of requests) {
    const { train, test } = { ...splitSizes(total), ...asked };
    if (train + test > total)
      throw new UserError(
        `${category}: cannot take ${train} drawings for training and ${test} for testing out of ${total}; ask for fewer.`,
      );
    const lines = Array.from({ length: total }, (_, line) => line);
    random.shuffle(lines);
    splits.set(category, {
      train: lines.slice(0, train).sort((a, b) => a - b),
      test: lines.slice(train, train + test).sort((a, b) => a - b),
    });
  }
  return splits;
}

const lineNumbers = z.array(z.int().nonnegative());
const splitSchema = z.strictObject({ train: lineNumbers, test: lineNumbers });

/**
 * Reads the text of an `indices.json`.
 * @param name the file's name, for errors.
 * @throws UserError when it is not `{"train": [...], "test": [...]}` or a line is in it twice.
 */
export function parseSplit(text: string, name: string): Split {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: not a split of the form {"train": [...], "test": [...]}: ${problem}`);
  };
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    return fail(messageOf(error));
  }
  const result = splitSchema.safeParse(json);
  if (!result.success) return fail(z.prettifyError(result.error));
  const seen = new Set<number>();
  for (const line of [...result.data.train, ...result.data.test]) {
    if (seen.has(line)) fail(`line ${line} is in it twice`);
    seen.add(line);
  }
  return result.data;
}
