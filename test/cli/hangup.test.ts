import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { COMPILED } from "../compile.ts";

const folder = mkdtempSync(join(tmpdir(), "cizgi-hangup-"));
afterAll(() => rmSync(folder, { recursive: true }));

const common = pathToFileURL(resolve(COMPILED, "cli/common.js")).href;
const program = `
  import { interruptSignal } from ${JSON.stringify(common)};
  const signal = interruptSignal();
  // Signals that come together are told of in any order.
  process.once("SIGUSR2", () => setImmediate(() => {
    console.error(signal.aborted ? "interrupted" : "goes on");
    process.exit();
  }));
  setInterval(() => {}, 1000);
  console.error("ready");
`;
const node = `"$NODE" --input-type=module -e "$PROGRAM"`;

/** What a program says of its signal that a shell starts in this way, once its terminal is said to be closed. */
async function afterHangup(shell: string, command: string): Promise<string> {
  const child = spawn(shell, ["-c", command], {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE: process.execPath, PROGRAM: program },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${shell} did not start`);
  let said = "";
  for await (const chunk of child.stderr) {
    said += chunk;
    if (said !== "ready\n") continue;
    // To the group, as a terminal does it, and twice, as a shell and the kernel do.
    for (const signal of ["SIGHUP", "SIGHUP", "SIGUSR2"] as const) process.kill(-pid, signal);
  }
  return said.replace("ready\n", "").trim();
}

test("a closed terminal interrupts", async () => {
  expect(await afterHangup("bash", `exec ${node}`)).toBe("interrupted");
});

test.skipIf(process.platform !== "linux").each([
  ["nohup in a shell that notes what it starts", "bash", `nohup ${node}`],
  ["nohup whose stdin was closed by it", "bash", `exec nohup ${node} 0> /dev/null`],
  ["nohup.out", "bash", `unset _; exec env -u _ nohup ${node} >> nohup.out`],
  ["a script that ignores the signal", "sh", `trap "" HUP USR2; ${node}; true`],
])("%s keeps it away", async (_, shell, command) => {
  expect(await afterHangup(shell, command)).toBe("goes on");
});
