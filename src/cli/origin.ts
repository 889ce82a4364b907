import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { checked } from "../base/check.ts";
import { UserError } from "../base/errors.ts";
import { renamed } from "../base/renamed.ts";
import { decodeModel } from "../families/model.ts";
import type { Model } from "../families/registry.ts";
import { readJson } from "../files/json.ts";
import { SHIPPED_MODEL } from "../node/model.ts";
import { mostModelBytes, readWeights } from "../node/weights.ts";
import { type Origin, originSchema } from "../training/origin.ts";
import { configFile } from "../training/run.ts";
import { shellQuoted } from "./shell.ts";

const begunSchema = z.looseObject({ origin: originSchema });

/** What was in a file of its own before configurations had sections. */
async function readOldOrigin(run: string): Promise<Origin | undefined> {
  const file = join(run, "origin.json");
  if (!existsSync(file)) return undefined;
  const origin = await readJson(file);
  return checked(originSchema, typeof origin === "object" ? renamed({ ...origin }) : origin, file);
}

/**
 * What a run was made from; undefined where an older cizgi began it, which did not write that down.
 * @throws UserError where another command began it.
 */
export async function readOrigin(run: string, command: Origin["command"]): Promise<Origin | undefined> {
  const file = configFile(run);
  const { origin = await readOldOrigin(run) } = checked(begunSchema, await readJson(file), file);
  if (origin && origin.command !== command)
    throw new UserError(
      `${run} was begun by "cizgi ${origin.command}", not by "cizgi ${command}"; go on with: npx cizgi ${origin.command} --resume --out ${shellQuoted(run)}`,
    );
  return origin;
}

/** A trained model that a run is made from, and what its origin says of it. */
export interface Beginning {
  readonly model: Model;
  readonly origin: NonNullable<Origin["model"]>;
}

/** Opens the model at a path, the one that ships without any, for a run to begin with. */
export async function openBeginning(run: string, path: string | undefined): Promise<Beginning> {
  const { file, bytes } = await readWeights(path ?? SHIPPED_MODEL, "model", "cizgi train");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return {
    model: decodeModel(bytes, file, { mostBytes: mostModelBytes() }),
    origin: { ...(path && { path: placeFrom(run, path) }), sha256 },
  };
}

/** A run and its teacher may be moved together, and the run be resumed from anywhere. */
const placeFrom = (run: string, path: string): string =>
  isAbsolute(path) ? path : relative(run, path).replaceAll(sep, "/") || ".";

/**
 * Opens the model that a run began with again.
 * @param flag what names it on the command line, and `given` what was named there now
 * @throws UserError where it is another, or has changed, or is gone.
 */
export async function reopenBeginning(
  run: string,
  began: Beginning["origin"],
  flag: "--teacher" | "--from",
  given: string | undefined,
): Promise<Beginning> {
  const place = began.path && (isAbsolute(began.path) ? began.path : join(run, began.path));
  const name = place ?? "the model that ships";
  const found = await openBeginning(run, given ?? place).catch((error: unknown) => {
    if (given !== undefined || !(error instanceof UserError)) throw error;
    throw new UserError(
      `${run} was made from ${name}, which cannot be opened any more (${error.message}) Say with ${flag} where it is now.`,
    );
  });
  if (found.origin.sha256 === began.sha256) return found;
  throw new UserError(
    given !== undefined && resolve(given) !== resolve(place ?? SHIPPED_MODEL)
      ? `${flag} ${given}: ${run} was made from another model, ${name}; leave ${flag} out, or begin anew in another --out.`
      : `${run} was made from ${name} as it was before: its weights have changed since. Say with ${flag} where those from before are, or begin anew in another --out.`,
  );
}

/** What a run began with; throws a UserError where a flag says something else now. */
export function sameAsBegun<T>(
  run: string,
  flag: string,
  given: T | undefined,
  began: T | undefined,
): T | undefined {
  if (given === undefined || given === began) return began;
  throw new UserError(
    `${flag} ${given}: ${run} was begun with${began === undefined ? `out ${flag}` : ` ${began}`}; leave it out now, or begin anew in another --out.`,
  );
}
