import { createInterface } from "node:readline";
import { lockFolder } from "../../src/files/lock.ts";

// A process that is told what to do, a line each: take a folder, give it back, or end with it in the middle of something.
let lock: Disposable | undefined;
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [command, folder] = line.split(" ");
  if (command === "exit") process.exit();
  if (command === "throw") throw new Error("on purpose");
  if (command === "give") lock?.[Symbol.dispose]();
  if (command === "take") {
    try {
      lock = await lockFolder(folder);
      process.stdout.write("taken\n");
      continue;
    } catch (error) {
      lock = undefined;
      process.stdout.write(`${error instanceof Error ? error.message : error}\n`);
      continue;
    }
  }
  process.stdout.write("done\n");
}
