import { type TinyName, tinyRuns, trainTiny } from "./tiny.ts";

// A process that ends as if the power were cut: trains a tiny run in the folder that it is given, or goes on there, until
// so many steps of all stages are behind it.
const [, , folder = "", name, steps] = process.argv;

let done = 0;
for await (const event of trainTiny(folder, tinyRuns[name as TinyName]))
  if (event.kind === "step" && ++done === Number(steps)) process.kill(process.pid, "SIGKILL");
