import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { GrowthBench } from "../growth.ts";
import type { ProfileBench } from "../profile.ts";
import { SUITE } from "../suite.ts";
import { type Results, reachedTargets } from "../targets.ts";
import { growthChart } from "./growth-chart.ts";

// Writes docs/performance.md and its chart from performance.md and what the benches left in src/bench/results.

interface Saved {
  readonly command: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly result: Readonly<Record<string, unknown>>;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const read = (path: string) => readFileSync(here(path), "utf8");

type Row = readonly (string | number)[];
const table = (header: Row, rows: readonly Row[]): string => {
  const line = (cells: Row) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
};

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;

function growthTable({ curves, attentionShares }: GrowthBench): string {
  const rows = curves.map(({ what, unit, sizes, ms, exponent }) => [
    what,
    sizes.map((size) => size.toLocaleString("en-US")).join(", "),
    `${ms.join(", ")} (${unit})`,
    exponent,
  ]);
  const shares = attentionShares.map(({ points, share }) => `${percent(share)} at ${points}`).join(", ");
  return `${table(["what grows", "sizes", "time", "exponent"], rows)}\n\nThe share of attention between positions, which alone grows with the square of the points: ${shares} points.`;
}

/** Operators of both presets, those below a hundredth in neither left out. */
function profileTable(profiles: readonly ProfileBench[]): string {
  const shareIn = ({ operators }: ProfileBench, name: string) =>
    operators.find((operator) => operator.name === name)?.share ?? 0;
  const names = [...new Set(profiles.flatMap(({ operators }) => operators.map(({ name }) => name)))];
  const shown = names.filter((name) => profiles.some((profile) => shareIn(profile, name) >= 0.01));
  return table(
    ["ONNX operator", "baseline", "quick"],
    [
      ...shown.map((name) => [name, ...profiles.map((profile) => percent(shareIn(profile, name)))]),
      ["(attention between positions)", ...profiles.map(({ attentionShare }) => percent(attentionShare))],
    ],
  );
}

/** The document, and the chart that it shows. */
export function performanceDocument(): { text: string; chart: string } {
  const fileOf = (name: string) => `../results/${name}.json`;
  const names = Object.keys(SUITE).filter((name) => existsSync(here(fileOf(name))));
  const saved = new Map<string, Saved>(names.map((name) => [name, JSON.parse(read(fileOf(name)))]));
  const savedOf = (name: string): Saved => {
    const found = saved.get(name);
    if (found === undefined) throw new Error(`src/bench/results/${name}.json is missing: run npm run bench`);
    return found;
  };
  const resultOf = <Result>(name: string) => savedOf(name).result as Result;
  const results: Results = Object.fromEntries([...saved].map(([name, { result }]) => [name, result]));
  const growth = resultOf<GrowthBench>("growth");
  const parts: Record<string, () => string> = {
    machine: () => {
      const { machine } = savedOf("train");
      return `${machine.cores} cores of an ${machine.processor}, Node ${machine.node}, ONNX Runtime ${machine.onnxruntime}, ${machine.date}`;
    },
    targets: () =>
      table(
        ["what", "target", "reached"],
        reachedTargets(results).map(({ what, target, reached }) => [what, target, reached]),
      ),
    commands: () => [...saved.values()].map(({ command }) => command.replace(/ --python .*/, "")).join("\n"),
    profile: () => profileTable([resultOf("profile"), resultOf("profile-quick")]),
    growth: () => growthTable(growth),
  };
  /** A part, or a number such as train.ratio or sample.counts.0.ratio. */
  const fill = (_: string, key: string): string => {
    const part = parts[key];
    if (part !== undefined) return part();
    const [name = "", ...path] = key.split(".");
    const value = path.reduce<unknown>(
      (inner, step) => (inner as Readonly<Record<string, unknown>>)[step],
      resultOf(name),
    );
    if (typeof value !== "number" && typeof value !== "string") throw new Error(`no figure ${key}`);
    return typeof value === "number" ? value.toLocaleString("en-US") : value;
  };
  return {
    text: read("performance.md").replace(/\{\{([\w.-]+)\}\}/g, fill),
    chart: growthChart(growth),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, chart } = performanceDocument();
  writeFileSync(here("../../../docs/performance.md"), text);
  writeFileSync(here("../../../docs/pictures/growth.svg"), chart);
}
