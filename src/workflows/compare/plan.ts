import { z } from "zod";
import { checked, type KeysOf } from "../../base/check.ts";
import { UserError } from "../../base/errors.ts";
import { wholeNumber } from "../../base/numbers.ts";
import type { FamilyName } from "../../families/registry.ts";
import type { DataSettings } from "../../families/run-settings.ts";

/** What families are compared on: the same for all of them. */
export interface ComparisonPlan
  extends Pick<DataSettings, "categories" | "source" | "trainSize" | "heldOut"> {
  readonly preset: string;
  /** Drawings on each side, at most. */
  readonly count: number;
}

const schema = z.looseObject({
  preset: z.string(),
  categories: z.array(z.string()).min(1),
  source: z.string(),
  trainSize: wholeNumber(1),
  heldOut: z.number().min(0).lt(1),
  count: wholeNumber(1),
} satisfies KeysOf<ComparisonPlan>);

/** Seeds of the drawings by which a setting is chosen, and of those that are measured. */
export const CHOOSING_SEED = 0;
export const MEASURING_SEED = 1;

/** What each family may choose from: guidance where it has it, else temperature. */
export const CANDIDATES = [
  { name: "guidance", values: [1, 1.5, 2, 3] },
  { name: "temperature", values: [0.4, 0.6, 0.8, 1] },
] as const;

/** One family, trained for so long. */
export interface Entry {
  readonly family: FamilyName;
  /** Minutes of the processor's time. */
  readonly coreMinutes: number;
  /** Of its training; its preset's unless given. */
  readonly seed?: number | undefined;
}

/** An entry's place among the others, also the name of its folder. */
export const entryName = ({ family, coreMinutes, seed }: Entry): string =>
  [family, coreMinutes, ...(seed === undefined ? [] : [`seed${seed}`])].join("-");

/** @throws UserError when a folder holds a comparison on something else, naming the first difference. */
export function requireSamePlan(folder: string, begun: unknown, plan: ComparisonPlan): void {
  const before = new Map<string, unknown>(Object.entries(checked(schema, begun, folder)));
  for (const [key, value] of Object.entries(plan)) {
    const [found, wanted] = [JSON.stringify(before.get(key)), JSON.stringify(value)];
    if (found !== wanted)
      throw new UserError(
        `${folder} holds a comparison with ${key} ${found}, now it is ${wanted}; take the same, or another --out.`,
      );
  }
}
