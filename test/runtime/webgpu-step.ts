import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../../src/runtime/program.ts";
import { onnxFeeds } from "../graph/check.ts";
import { trainingGraph } from "../nn/training-graph.ts";
import { printFrom } from "./on-device.ts";

/** Loss and gradients of one training step. */
export interface Step {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, number[]>>;
  /** Nodes that each execution provider computed. */
  readonly providers: Readonly<Record<string, number>>;
}

await printFrom<Step>(async (device) => {
  const { parameters, loss, derivatives, inputs, feeds } = trainingGraph(
    { baseChannels: 16, classes: 3, points: 32, attentionHeads: 4, normGroups: 4, pen: "head" },
    2,
  );
  const folder = mkdtempSync(join(tmpdir(), "cizgi-webgpu-"));
  try {
    const named = Object.fromEntries(parameters.map(({ name }, i) => [`gradient.${name}`, derivatives[i]]));
    const program = await compile<string>({ loss, ...named }, { device, profile: join(folder, "profile") });
    const { loss: total, ...results } = await program.run(onnxFeeds(inputs, feeds));
    await program.dispose();
    const gradients = Object.entries(results).map(([name, values]) => [name, Array.from(values)]);
    return { loss: total[0], gradients: Object.fromEntries(gradients), providers: providersIn(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function providersIn(folder: string): Record<string, number> {
  const [file] = readdirSync(folder);
  const events: { args?: { provider?: string } }[] = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const counts: Record<string, number> = {};
  for (const { args } of events) {
    if (args?.provider !== undefined) counts[args.provider] = (counts[args.provider] ?? 0) + 1;
  }
  return counts;
}
