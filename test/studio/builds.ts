// Before the tests of the studio: what they open is built once for all of them.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import { type FamilyName, familyNames } from "../../src/families/registry.ts";
import { SHIPPED_MODEL, saveModel } from "../../src/node/model.ts";
import { tinyModel } from "../families/tiny-models.ts";

interface StudioBuild {
  readonly folder: string;
  /** The folder of the page's own model. */
  readonly model: string;
  /** What was said while it was built. */
  readonly said: string;
}

interface Studio {
  /** As npm run studio:build makes it. */
  readonly released: StudioBuild;
  /** Around tiny models of all families. */
  readonly tiny: StudioBuild;
  /** Around a tiny transformer, where one family has no model. */
  readonly other: StudioBuild;
  /** The folder of the tiny models of `tiny`, each in one named by its family. */
  readonly families: string;
}

declare module "vitest" {
  interface ProvidedContext {
    studio: Studio;
  }
}

const CATEGORIES = ["snail", "apple", "bus", "cat", "face", "sailboat"];

async function saveTiny(folder: string, families: readonly FamilyName[], categories: readonly string[]) {
  // A hand's circle on the pad is about 25 points.
  for (const family of families)
    await saveModel(
      join(folder, family),
      tinyModel(family, categories, family === "unet1d" ? { points: 48 } : {}),
    );
}

/** As npm run studio:build does: Vitest's own process passes for a development server. */
async function build(folder: string, model: string, families: string): Promise<StudioBuild> {
  const vite = ["node_modules/vite/bin/vite.js", "build", "studio", "--outDir", folder];
  const models = { CIZGI_STUDIO_MODEL: model, CIZGI_STUDIO_FAMILIES: families };
  const env = { ...process.env, NODE_ENV: "production", ...models };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, vite, { env });
  return { folder, model, said: stdout + stderr };
}

export default async function buildStudio({ provide }: TestProject): Promise<() => void> {
  const root = mkdtempSync(join(tmpdir(), "cizgi-studio-"));
  const [all, some] = [join(root, "all"), join(root, "some")];
  await saveTiny(all, familyNames, CATEGORIES);
  await saveTiny(
    some,
    familyNames.filter((name) => name !== "latent"),
    ["bus", "cat"],
  );
  provide("studio", {
    released: await build(join(root, "released"), SHIPPED_MODEL, "models/ten"),
    tiny: await build(join(root, "tiny"), join(all, "unet1d"), all),
    other: await build(join(root, "other"), join(some, "transformer"), some),
    families: all,
  });
  return () => rmSync(root, { recursive: true });
}
