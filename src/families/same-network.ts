import { UserError } from "../base/errors.ts";

/** Settings that say how drawings come to the network, not what it is. */
const FREE: readonly string[] = ["simplify", "strokeOrder"];

/**
 * Refuses what has to be the same in both networks.
 * @param mayDiffer further settings that may not be.
 * @throws UserError naming the first setting that is not.
 */
export function requireSameNetwork(wanted: object, found: object, mayDiffer: readonly string[] = []): void {
  const [run, model] = [wanted, found].map((network) => new Map<string, unknown>(Object.entries(network)));
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(found)]))
    if (!FREE.includes(key) && !mayDiffer.includes(key)) requireSame(key, run?.get(key), model?.get(key));
}

export function requireSame(key: string, wanted: unknown, found: unknown): void {
  const [run, model] = [String(wanted), String(found)];
  if (run !== model)
    throw new UserError(
      `${key}: the run has ${shortened(run)}, the model to start from ${shortened(model)}; they have to be the same.`,
    );
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
