import { access } from "node:fs/promises";
import { fileFailure } from "../files/failure.ts";
import { lockFolder } from "../files/lock.ts";
import { checkpointOf, configFile, openRunFolder } from "../training/run.ts";
import type { RunFlags } from "./common.ts";
import type { Output } from "./output.ts";

/**
 * Plans a training and does it in its folder, which no other process writes into until it is done; `--dry-run` shows the
 * plan instead.
 */
export async function inRunFolder<Plan extends { readonly config: object }>(
  flags: RunFlags,
  to: Output,
  plan: () => Promise<Plan>,
  work: (plan: Plan) => Promise<void>,
): Promise<void> {
  const { out, resume = false } = flags;
  if (flags.dryRun) {
    const { config } = await plan();
    if (resume)
      to.note(
        `Would go on from ${(await checkpointOf(out)) ?? "the first step: there is no checkpoint yet"}.`,
      );
    to.result(JSON.stringify(config, undefined, 2), config);
    return;
  }
  // A new run's folder is made once its settings are right; a run's settings are read once nobody else changes them.
  const planned = resume ? await requireRun(out) : await plan();
  using _lock = await lockFolder(out);
  await openRunFolder(out, resume);
  await work(planned ?? (await plan()));
}

async function requireRun(folder: string): Promise<undefined> {
  await access(configFile(folder)).catch((error) => {
    throw fileFailure("read", configFile(folder), error);
  });
}
