import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../src/graph/shape.ts";
import { checkGraph } from "../check.ts";
import type { OpTable } from "./cases.ts";
import { elementwise } from "./elementwise.ts";
import { products } from "./products.ts";
import { rows } from "./rows.ts";
import { shape } from "./shape.ts";
import { stretch } from "./stretch.ts";

const table: OpTable = { ...elementwise, ...stretch, ...shape, ...products, ...rows };
const folder = new URL("../../../src/graph/ops/", import.meta.url);

it("covers every operation there is", async () => {
  const modules = await Promise.all(readdirSync(folder).map((file) => import(new URL(file, folder).href)));
  const exported = modules.flatMap((module) => Object.keys(module));
  // accumulate and scan, which have graphs instead of tensors for operands, have test files of their own.
  expect([...Object.keys(table), "accumulate", "scan"].sort()).toEqual(exported.sort());
});

for (const [name, { cases, errors }] of Object.entries(table)) {
  describe(name, () => {
    it.each(cases)("$title", checkGraph);

    it.each(errors)("refuses: %s", (message, use) => {
      expect(use).toThrow(ShapeError);
      expect(use).toThrow(new ShapeError(message));
    });
  });
}
