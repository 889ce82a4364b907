import { expect, test } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { bestOf } from "../../src/metrics/best-of.ts";
import { box, fakeNetwork } from "./fake-network.ts";

const network = fakeNetwork(["cat", "bus"]);

test("keeps the most recognisable of each group, of equal ones the first", async () => {
  const sketches = [box(100, 100), box(300, 100), box(200, 100), box(90, 100), box(90, 100), box(80, 100)];
  expect(await bestOf(network, "bus", sketches, 3)).toEqual([sketches[1], sketches[3]]);
  // Probability decides, not the logit alone: the widest of the first three is the least a cat.
  expect(await bestOf(network, "cat", sketches, 3)).toEqual([sketches[0], sketches[5]]);
});

test("a network that does not know the category cannot choose", async () => {
  await expect(bestOf(network, "owl", [box(1, 1)], 1)).rejects.toThrow(UsageError);
  await expect(bestOf(fakeNetwork(), "cat", [box(1, 1)], 1)).rejects.toThrow('does not know "cat"');
});
