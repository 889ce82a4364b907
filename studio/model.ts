import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { z } from "zod";

const configSchema = z.object({ categories: z.array(z.string()).min(1) });

/**
 * The model that the page draws with, as the module "virtual:model": the address of its weights, and what it draws.
 * @param path a model's or a run's folder.
 */
export function modelOf(path: string): Plugin {
  const folder = existsSync(join(path, "model/config.json")) ? join(path, "model") : path;
  const weights = join(folder, "model.safetensors");
  return {
    name: "model",
    resolveId: (name) => (name === "virtual:model" ? name : undefined),
    load(name) {
      if (name !== "virtual:model") return undefined;
      if (!existsSync(weights))
        throw new Error(
          `${weights} is not there; CIZGI_STUDIO_MODEL takes the folder of a model or of a run.`,
        );
      const config: unknown = JSON.parse(readFileSync(join(folder, "config.json"), "utf8"));
      const { categories } = configSchema.parse(config);
      return `export { default as file } from ${JSON.stringify(`${weights}?url`)};
export const categories = ${JSON.stringify(categories)};`;
    },
  };
}
