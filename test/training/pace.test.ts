import { expect, test } from "vitest";
import { fitEpochs } from "../../src/training/pace.ts";
import { prepare, tinyQuick } from "./tiny.ts";

const onCpu = { device: "cpu", threads: 0 } as const;

test("as many epochs as fit: all of them in a day, one in no time, and nothing else changes", async () => {
  const { config, set } = await prepare(tinyQuick);
  expect(await fitEpochs(config, set, 86_400, onCpu)).toEqual(config);
  expect(await fitEpochs(config, set, 0, onCpu)).toEqual({ ...config, epochs: 1 });
});
