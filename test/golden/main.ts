import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../../src/base/errors.ts";
import { splitLines } from "../../src/data/split.ts";
import type { Check } from "./check.ts";
import { checkGolden } from "./checks.ts";

// npm run golden -- FILE: compares this project with golden numbers; exit 1 when any group is off.

function* checkSplit(file: string): Generator<Check> {
  const path = join(dirname(file), "split_seed42.json");
  if (!existsSync(path)) return;
  const expected: Record<string, { total: number; train: number[]; test: number[] }> = JSON.parse(
    readFileSync(path, "utf8"),
  );
  const requests = Object.entries(expected).map(([category, { total, train, test }]) => ({
    category,
    total,
    train: train.length,
    test: test.length,
  }));
  const splits = splitLines(requests);
  const wrong = Object.entries(expected).filter(
    ([category, { train, test }]) => JSON.stringify(splits.get(category)) !== JSON.stringify({ train, test }),
  );
  yield {
    group: "split",
    error: wrong.length,
    limit: 0,
    worst: wrong.map(([category]) => category).join(", ") || "everything",
  };
}

async function main(file: string | undefined): Promise<number> {
  if (file === undefined) {
    console.error("usage: npm run golden -- FILE.safetensors");
    return 2;
  }
  let failed = 0;
  const show = ({ group, error, limit, worst }: Check) => {
    const good = error <= limit;
    if (!good) failed++;
    const allowed = limit === 0 ? "exact" : `<= ${limit}`;
    console.log(
      `${good ? "ok  " : "FAIL"} ${group.padEnd(16)} ${error.toExponential(1).padStart(8)} (${allowed}) worst: ${worst}`,
    );
  };
  try {
    for await (const check of checkGolden(file)) show(check);
    for (const check of checkSplit(file)) show(check);
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    return 1;
  }
  console.log(failed === 0 ? "all groups agree" : `${failed} groups are off`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2]);
