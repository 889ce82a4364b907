import { trainStages } from "../../src/training/run.ts";
import { stepsDone, twoStages } from "./two-stages.ts";

// A process that kills itself: trains both stages in the folder that it is given, or goes on where another was killed,
// tells where it begins, and some milliseconds after so many steps ends as if the power were cut.
const [, , folder, keep, steps, milliseconds] = process.argv;

let isDoomed = false;
let hasBegun = false;
for await (const event of trainStages(twoStages(folder, keep === "best" ? "best" : "last"))) {
  if (event.kind === "start" && !hasBegun) {
    hasBegun = true;
    process.stdout.write(`${stepsDone(event.stage, event.step)}`);
  }
  if (event.kind !== "step" || isDoomed) continue;
  isDoomed = stepsDone(event.stage, event.report.step) >= Number(steps);
  if (isDoomed) setTimeout(() => process.kill(process.pid, "SIGKILL"), Number(milliseconds));
}
