import { cosineSchedule } from "../../src/diffusion/schedule.ts";
import { noiseOf } from "../../src/families/denoiser/diffuse.ts";
import { drawerOf, rowSize } from "../../src/families/denoiser/draw.ts";
import { drawSettingsOf } from "../../src/families/denoiser/draw-settings.ts";
import { sizesOf } from "../../src/families/denoiser/network.ts";
import { openPrograms } from "../../src/families/denoiser/programs.ts";
import type { Model } from "../../src/families/registry.ts";
import { unet1d } from "../../src/families/unet1d/family.ts";
import { network } from "../../src/families/unet1d/network.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";

/** Two drawings as the network leaves them, before anything makes strokes of them. */
export async function rowsOf(model: Model, runtime: Runtime): Promise<number[][]> {
  const config = unet1d.parseModel(model.config, "the model");
  const { categories } = config;
  const sizes = sizesOf(config);
  const programs = openPrograms({ network, sizes }, model.weights, categories, runtime);
  const drawer = drawerOf({ categories, sizes }, programs, runtime.mostRows);
  const rows: number[][] = [];
  for await (const { row } of drawer.draw({
    category: config.categories[0],
    count: 2,
    seed: 7,
    settings: drawSettingsOf(config, {}),
    alphaBars: cosineSchedule(config.network.diffusionSteps).alphaBars,
    begin: (stream) => noiseOf(stream, rowSize(config)),
  }))
    rows.push([...row]);
  await programs.dispose();
  return rows;
}
