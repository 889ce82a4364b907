// node totals.mjs VITEST_RESULTS.json FAILED_STEPS: prints how many tests passed, failed and were skipped.
import { readFileSync } from "node:fs";

const [file, failedSteps] = process.argv.slice(2);
const text = readFileSync(file, "utf8");
const { testResults } = text === "" ? { testResults: [] } : JSON.parse(text);
const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;

// A file whose hooks or imports fail has no failed test of its own.
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) =>
    status === "failed" && assertionResults.every((test) => test.status !== "failed"),
);
const failed = count("failed") + brokenFiles.length;
// npm run test:all is itself a step that fails with its tests.
const otherSteps = Number(failedSteps) - (failed > 0 ? 1 : 0);
const skipped = count("skipped", "pending", "todo", "disabled");
console.log(`${count("passed")} passed, ${failed + otherSteps} failed, ${skipped} skipped`);
