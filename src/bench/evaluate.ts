import { at } from "../base/at.ts";
import { drawSynthetic, SYNTHETIC_CATEGORIES } from "../data/synthetic.ts";
import { openClassifier } from "../metrics/classifier.ts";
import { evaluate } from "../metrics/evaluate.ts";
import type { DeviceOptions } from "../runtime/devices.ts";
import { figure } from "./statistics.ts";

export interface EvaluateBench {
  readonly bench: "evaluate";
  /** Drawings of each set: reference, floor and one generated, and as many that novelty is measured against. */
  readonly drawings: number;
  /** Rendering and looking at so many drawings. */
  readonly featuresSeconds: number;
  /** The whole evaluation. */
  readonly seconds: number;
}

/** A whole evaluation of made-up drawings by the classifier that ships. */
export async function benchEvaluate(
  drawings: number,
  options: DeviceOptions,
  onProgress: (done: number, total: number) => void,
): Promise<EvaluateBench> {
  const categories = SYNTHETIC_CATEGORIES;
  const labels = Array.from({ length: drawings }, (_, i) => i % categories.length);
  const set = (name: string, seed: number) => ({
    name,
    description: "",
    sketches: labels.map((label, i) => drawSynthetic(at(categories, label), seed, i)),
  });
  const [reference, floor, generated] = [set("reference", 1), set("floor", 2), set("generated", 3)];
  const network = await openClassifier(undefined, options);
  const started = performance.now();
  let looked = 0;
  await evaluate(
    {
      network,
      categories,
      labels,
      reference,
      floor,
      training: floor.sketches,
      generated: [generated],
      seed: 0,
    },
    {
      onProgress(done, total) {
        if (done === total) looked = performance.now();
        onProgress(done, total);
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  await network.dispose();
  return {
    bench: "evaluate",
    drawings,
    featuresSeconds: figure((looked - started) / 1000 / 4),
    seconds: figure(seconds),
  };
}
