import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checked } from "../base/check.ts";
import type { Environment } from "../base/environment.ts";
import { UserError } from "../base/errors.ts";
import { wholeNumber } from "../base/numbers.ts";
import { fileFailure } from "../files/failure.ts";
import { MOST_BYTES } from "../weights/limit.ts";

export const WEIGHTS_FILE = "model.safetensors";

const MIB = 2 ** 20;
const limits = z.object({ CIZGI_MODEL_LIMIT: wholeNumber(1) });

/**
 * Bytes of memory that a model's file may ask for: `CIZGI_MODEL_LIMIT`, in MiB, else 2 GiB.
 * @throws UsageError when that is no whole number.
 */
export function mostModelBytes({ CIZGI_MODEL_LIMIT: text }: Environment = process.env): number {
  if (!text) return MOST_BYTES;
  const given = /^\d+$/.test(text) ? Number(text) : text;
  return MIB * checked(limits, { CIZGI_MODEL_LIMIT: given }).CIZGI_MODEL_LIMIT;
}

/**
 * Reads the weights' file of a `kind` of network: from its folder, from the folder of the run that trained it, or the file.
 * @param command what trains such a network.
 * @throws UserError naming the file when it is missing or cannot be read.
 */
export async function readWeights(
  path: string,
  kind: string,
  command: string,
): Promise<{ file: string; bytes: Uint8Array }> {
  const candidates = path.endsWith(".safetensors")
    ? [path]
    : [join(path, WEIGHTS_FILE), join(path, "model", WEIGHTS_FILE)];
  for (const file of candidates) {
    const bytes = await readFile(file).catch((error) => {
      if (error?.code === "ENOENT" || error?.code === "ENOTDIR") return undefined;
      throw fileFailure("read", file, error);
    });
    if (bytes !== undefined) return { file, bytes };
  }
  throw new UserError(
    `${path}: no ${kind} found there, expected ${candidates.join(" or ")}; train one with "${command} --out FOLDER" or name another folder.`,
  );
}
