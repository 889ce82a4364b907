import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { z } from "zod";
import { familyNames } from "../src/families/registry.ts";

const configSchema = z.object({ categories: z.array(z.string()).min(1) });
const familySchema = configSchema.extend({ network: z.object({ family: z.string() }) });

const configOf = <T>(folder: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")));

const weightsOf = (folder: string): string => join(folder, "model.safetensors");

/**
 * The models that the page draws with, as the module "virtual:model": their weights, and what they draw.
 * @param path a model's or a run's folder.
 * @param families a folder of model folders, one for each family and named by it.
 */
export function modelsOf(path: string, families: string): Plugin {
  const folder = existsSync(join(path, "model/config.json")) ? join(path, "model") : path;
  const weights = weightsOf(folder);
  const missing = familyNames.filter((name) => !existsSync(weightsOf(join(families, name))));
  return {
    name: "model",
    buildStart() {
      if (missing.length > 0)
        this.warn(`the page "Eight ways" is left out: ${families} has no model of ${missing.join(", ")}.`);
    },
    resolveId: (name) => (name === "virtual:model" ? name : undefined),
    load(name) {
      if (name !== "virtual:model") return undefined;
      if (!existsSync(weights))
        throw new Error(
          `${weights} is not there; CIZGI_STUDIO_MODEL takes the folder of a model or of a run.`,
        );
      const { categories } = configOf(folder, configSchema);
      return `import * as file from ${JSON.stringify(`${weights}?fetched`)};
export { file };
export const categories = ${JSON.stringify(categories)};
${missing.length > 0 ? "export const families = undefined;" : familiesIn(families)}`;
    },
  };
}

/** The families' models as code. */
function familiesIn(folder: string): string {
  const models = familyNames.map((name, i) => {
    const place = join(folder, name);
    const { categories, network } = configOf(place, familySchema);
    if (network.family !== name)
      throw new Error(`${place}: expected a model of ${name}, found ${network.family}.`);
    return { name, file: `file${i}`, weights: weightsOf(place), categories };
  });
  const common = models
    .map(({ categories }) => categories)
    .reduce((all, own) => all.filter((one) => own.includes(one)));
  if (common.length === 0) throw new Error(`${folder}: its models have no category in common.`);
  const imports = models.map(
    ({ file, weights }) => `import * as ${file} from ${JSON.stringify(`${weights}?fetched`)};`,
  );
  const entries = models.map(({ name, file }) => `${JSON.stringify(name)}: ${file}`);
  return `${imports.join("\n")}
export const families = { categories: ${JSON.stringify(common)}, models: { ${entries.join(", ")} } };`;
}
