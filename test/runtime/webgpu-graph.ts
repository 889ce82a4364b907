import { compile } from "../../src/runtime/program.ts";
import { feedsFor, onnxFeeds } from "../graph/check.ts";
import { deviceFeeds, deviceGraph } from "./device-graph.ts";
import { printFrom } from "./on-device.ts";

/** The results of device-graph.ts by name. */
export type Computed = Readonly<Record<string, readonly number[]>>;

await printFrom<Computed>(async (device) => {
  const { inputs, outputs } = deviceGraph();
  const program = await compile(outputs, { device });
  const results = await program.run(onnxFeeds(inputs, feedsFor(inputs, deviceFeeds)));
  await program.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, [...values]]));
});
