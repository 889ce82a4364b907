import { killedConfig, prepare, trainIn } from "./tiny.ts";

// A process to be killed: trains in the folder that it is given, goes on where another was killed, tells its steps.
const [, , folder] = process.argv;
await trainIn(folder, await prepare(killedConfig), {
  resume: true,
  onStep: (step) => process.stdout.write(`${step}\n`),
});
