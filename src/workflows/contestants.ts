import { basename } from "node:path";
import { at } from "../base/at.ts";
import { collect } from "../base/collect.ts";
import { newReadReport } from "../data/read/report.ts";
import { adapt } from "../families/adapter.ts";
import { drawSettingsOf, inWords } from "../families/draw-settings.ts";
import type { DrawSettings } from "../families/request.ts";
import { bestOf } from "../metrics/best-of.ts";
import type { FeatureNetwork } from "../metrics/features.ts";
import { loadAdapters } from "../node/adapter.ts";
import { loadModel } from "../node/model.ts";
import { openSession } from "../node/sample.ts";
import type { Device } from "../runtime/devices.ts";
import type { Sketch } from "../sketch/sketch.ts";
import type { Reporter } from "./reporter.ts";
import { chooseSource, noteSkips } from "./source.ts";

/** How models draw what is measured. */
export interface DrawFlags {
  readonly bestOf?: number;
  readonly seed: number;
  readonly device: Device;
  readonly threads: number;
}

/** A model to draw with; settings that are left out are its own. */
export interface ModelToDraw {
  /** A model or run folder. */
  readonly path: string;
  /** A folder of adapters of it, or one's file: what it was taught is then what it draws. */
  readonly adapter?: string;
  readonly settings: Partial<DrawSettings>;
}

/** Something to be measured, before its drawings are there. */
export interface Contestant {
  /** Where it comes from. */
  readonly path: string;
  readonly categories: readonly string[];
  /** Drawings that it has of each category; Infinity for a model. */
  available(category: string): number;
  /** So many drawings of each category. */
  draw(counts: readonly number[], categories: readonly string[]): Promise<Sketch[][]>;
  readonly description: string;
}

/** Draws with a model. */
export async function modelContestant(
  { path, adapter: folder, settings: told }: ModelToDraw,
  network: FeatureNetwork,
  { device, threads, seed, bestOf: candidates = 1 }: DrawFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Contestant> {
  const loaded = await loadModel(path);
  const adapters = folder === undefined ? [] : await loadAdapters(folder);
  const [first] = adapters;
  const { config } = first ? await adapt(loaded, first) : loaded;
  const by = folder === undefined ? path : `${path} with the adapters of ${folder},`;
  return {
    path: folder ?? path,
    categories: first ? adapters.map((adapter) => adapter.config.category) : config.categories,
    available: () => Infinity,
    description: `drawn by ${by} with ${inWords(drawSettingsOf(config, told))}, seed ${seed}`,
    async draw(counts, categories) {
      const total = candidates * counts.reduce((a, b) => a + b, 0);
      const bar = reporter.progress(`draw ${basename(folder ?? path)}`, total, "drawings");
      const drawn: Sketch[][] = [];
      const shared = first ? undefined : openSession(loaded, { device, threads });
      let before = 0;
      for (const [i, category] of categories.entries()) {
        const adapter = adapters.find((other) => other.config.category === category);
        const model = adapter ? await adapt(loaded, adapter) : loaded;
        const session = shared ?? openSession(model, { device, threads });
        const settings = drawSettingsOf(model.config, told);
        const count = at(counts, i) * candidates;
        const onProgress = (share: number) => bar.update(before + Math.round(share * count), category);
        const request = { ...settings, category, count, seed, onProgress, signal };
        const sketches: Sketch[] = await collect(session.sample(request));
        drawn.push(
          candidates > 1 ? await bestOf(network, category, sketches, candidates, { signal }) : sketches,
        );
        before += count;
        if (session !== shared) await session.dispose();
      }
      await shared?.dispose();
      bar.finish();
      return drawn;
    },
  };
}

/** Any system's drawings, as files. */
export async function folderContestant(
  path: string,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Contestant> {
  const source = await chooseSource(path, { categories: [] }, reporter, signal);
  const categories = await source.categories();
  const sketches = new Map<string, Sketch[]>();
  for (const category of categories) {
    const report = newReadReport();
    const drawings = await collect(source.drawings(category, { report, onNotice: reporter.note, signal }));
    noteSkips(category, report, reporter);
    sketches.set(
      category,
      drawings.map(({ sketch }) => sketch),
    );
  }
  return {
    path,
    categories,
    available: (category) => sketches.get(category)?.length ?? 0,
    description: `drawings of ${path}, the first ones of each file`,
    draw: async (counts, names) => names.map((name, i) => sketches.get(name)?.slice(0, at(counts, i)) ?? []),
  };
}
