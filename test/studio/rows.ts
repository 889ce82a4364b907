import { cosineSchedule } from "../../src/diffusion/schedule.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { noiseOf, openDrawer, rowSize } from "../../src/sampling/draw.ts";
import type { Model } from "../../src/sampling/model.ts";
import { settingsOf } from "../../src/sampling/settings.ts";

/** Two drawings as the network leaves them, before anything makes strokes of them. */
export async function rowsOf(model: Model, runtime: Runtime): Promise<number[][]> {
  const { config } = model;
  const drawer = openDrawer(model, runtime);
  const rows: number[][] = [];
  for await (const { row } of drawer.draw({
    category: config.categories[0],
    count: 2,
    seed: 7,
    settings: settingsOf(config, {}),
    alphaBars: cosineSchedule(config.diffusionSteps).alphaBars,
    begin: (stream) => noiseOf(stream, rowSize(config)),
  }))
    rows.push([...row]);
  await drawer.dispose();
  return rows;
}
