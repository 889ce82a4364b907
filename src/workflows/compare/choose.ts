import { join } from "node:path";
import { z } from "zod";
import { checked } from "../../base/check.ts";
import { collect } from "../../base/collect.ts";
import { drawSettingsOf } from "../../families/draw-settings.ts";
import { familyOf, type Model } from "../../families/registry.ts";
import { type DrawSettings, drawKeys } from "../../families/request.ts";
import { writeFileAtomically } from "../../files/atomic.ts";
import { readJsonIfThere } from "../../files/json.ts";
import type { FeatureNetwork, Features } from "../../metrics/features.ts";
import { kernelDistance } from "../../metrics/kernel-distance.ts";
import { openSession } from "../../node/sample.ts";
import type { DeviceOptions } from "../../runtime/devices.ts";
import type { Sketch } from "../../sketch/sketch.ts";
import { processorTime } from "../../training/time-limit.ts";
import type { Reporter } from "../reporter.ts";
import { CANDIDATES, CHOOSING_SEED } from "./plan.ts";

const { steps, guidance, sampler, eta, temperature } = drawKeys;
const schema = z.strictObject({
  settings: z.strictObject({ steps, guidance, sampler, eta, temperature }),
  /** Of the choosing drawings, times 1000, by the value that was tried. */
  tried: z.array(z.strictObject({ value: z.number(), kid: z.number() })),
  /** Of the processor's time, to draw one drawing so. */
  msADrawing: z.number(),
});

/** How a family draws in a comparison. */
export interface Chosen extends Omit<z.output<typeof schema>, "settings"> {
  readonly settings: Partial<DrawSettings>;
}

/** What is chosen by: training drawings, so that nothing held out is spent on it. */
export interface ChooseBy {
  readonly network: FeatureNetwork;
  readonly reference: Features;
  readonly categories: readonly string[];
  /** Drawings of each category. */
  readonly counts: readonly number[];
}

/** The settings to choose from: the model's own with one of them changed, where there is one to choose. */
function candidatesOf({ config }: Model) {
  const own = drawSettingsOf(config, {});
  const axis = CANDIDATES.find(({ name }) => Object.hasOwn(familyOf(config).drawKeys, name));
  if (axis === undefined) return [{ value: 0, settings: own }];
  return axis.values.map((value) => ({
    value,
    settings: drawSettingsOf(config, { ...own, [axis.name]: value }),
  }));
}

/**
 * Chooses the guidance or the temperature with which a model draws nearest to its training drawings, by KID; what was chosen is
 * kept in the folder.
 */
export async function chooseSettings(
  folder: string,
  model: Model,
  { network, reference, categories, counts }: ChooseBy,
  device: DeviceOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Chosen> {
  const file = join(folder, "chosen.json");
  const known = await readJsonIfThere(file);
  if (known !== undefined) {
    const { settings, ...others } = checked(schema, known, file);
    return { ...others, settings: drawSettingsOf(model.config, settings) };
  }
  const candidates = candidatesOf(model);
  const total = candidates.length * counts.reduce((sum, count) => sum + count, 0);
  const bar = reporter.progress("choose", total, "drawings");
  const session = openSession(model, device);
  const found: (Chosen & { readonly kid: number; readonly value: number })[] = [];
  let done = 0;
  try {
    for (const { value, settings } of candidates) {
      const drawn: Sketch[] = [];
      const started = processorTime();
      for (const [i, category] of categories.entries()) {
        const request = { ...settings, category, count: counts[i] ?? 0, seed: CHOOSING_SEED, signal };
        drawn.push(...(await collect(session.sample(request))));
        bar.update(done + drawn.length);
      }
      done += drawn.length;
      const msADrawing = (processorTime() - started) / drawn.length;
      const { features } = await network.describe(drawn, { signal });
      const { mean } = await kernelDistance(reference, features, { seed: CHOOSING_SEED });
      found.push({ settings, tried: [], msADrawing, value, kid: 1000 * mean });
    }
  } finally {
    await session.dispose();
  }
  bar.finish();
  const best = found.reduce((a, b) => (b.kid < a.kid ? b : a));
  const chosen = {
    settings: best.settings,
    tried: found.map(({ value, kid }) => ({ value, kid })),
    msADrawing: best.msADrawing,
  };
  await writeFileAtomically(file, `${JSON.stringify(chosen, undefined, 2)}\n`);
  return chosen;
}
