import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { lockFolder } from "../../src/files/lock.ts";
import { pidNamespace, startOf } from "../../src/files/process.ts";

const root = mkdtempSync(join(tmpdir(), "cizgi-lock-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(root, "run-"));
});
const lockOf = (of: string) => join(of, "cizgi.lock");
const write = (of: string, text: string) => writeFileSync(lockOf(of), text);
const owner = (over: object) =>
  JSON.stringify({ pid: 1, host: hostname(), since: "2026-01-02T03:04:05.678Z", ...over });
/** Above Linux's largest process id. */
const DEAD = 2 ** 22 + 1;

/** A process that takes folders when told. */
async function taker() {
  const child = spawn(process.execPath, ["--import", "tsx", "test/files/taker.ts"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => (await lines.next()).value;
  await answer();
  const tell = (text: string) => {
    child.stdin.write(`${text}\n`);
    return answer();
  };
  return { child, ended, tell };
}

const started: Awaited<ReturnType<typeof taker>>[] = [];
async function startTakers(count: number) {
  const takers = await Promise.all(Array.from({ length: count }, taker));
  started.push(...takers);
  return takers;
}
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
});

describe("a folder has one writer", () => {
  test("of several processes at the same moment one gets it and the others name it, whatever lock was left there", async () => {
    const takers = await startTakers(4);
    const left = [undefined, "", "{", "4711", "null", owner({ pid: DEAD }), owner({ host: "a\u001bb" })];
    for (let round = 0; round < 28; round++) {
      const place = join(folder, String(round));
      mkdirSync(place);
      const text = left[round % left.length];
      if (text !== undefined) write(place, text);
      // What a taker that was killed in the middle of taking over left as well.
      if (round % 3 === 0) writeFileSync(`${lockOf(place)}.turn`, owner({ pid: DEAD }));
      const answers = await Promise.all(takers.map(({ tell }) => tell(`take ${place}`)));
      const winners = takers.filter((_, i) => answers[i] === "taken");
      expect({ round, winners: winners.length, answers }).toMatchObject({ winners: 1 });
      const [{ child, tell }] = winners;
      for (const said of answers.filter((each) => each !== "taken"))
        expect(said).toMatch(
          `${place} is in use by process ${child.pid} on ${hostname()} since ${new Date().getUTCFullYear()}-`,
        );
      await tell("give");
      expect(readdirSync(place).filter((name) => !name.endsWith(".turn"))).toEqual([]);
    }
  });

  test("the end of its process gives it back, by exit or by an error; after a kill the next one takes it", async () => {
    const takers = await startTakers(3);
    for (const [i, end] of ["exit", "throw", "kill"].entries()) {
      const { child, ended, tell } = takers[i];
      expect(await tell(`take ${folder}`)).toBe("taken");
      if (end === "kill") child.kill("SIGKILL");
      else tell(end);
      await ended;
      expect({ end, left: existsSync(lockOf(folder)) }).toEqual({ end, left: end === "kill" });
    }
    using _lock = await lockFolder(folder);
    expect(JSON.parse(readFileSync(lockOf(folder), "utf8"))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
  });

  test("twice in one process is refused, in another spelling too, and after it was given back it is free", async () => {
    {
      using _lock = await lockFolder(folder);
      for (const same of [folder, join(folder, "..", folder.slice(root.length + 1)), `${folder}/`])
        await expect(lockFolder(same)).rejects.toThrow(`is in use by process ${process.pid}`);
    }
    expect(readdirSync(folder)).toEqual([]);
    using _again = await lockFolder(folder);
  });

  test("is made where it is missing, and one that cannot be made is named", async () => {
    {
      using _lock = await lockFolder(join(folder, "a", "b"));
    }
    writeFileSync(join(folder, "file"), "");
    await expect(lockFolder(join(folder, "file"))).rejects.toThrow(UserError);
    mkdirSync(lockOf(join(folder, "a")));
    await expect(lockFolder(join(folder, "a"))).rejects.toThrow(
      `cannot write ${lockOf(join(folder, "a"))}: it is a folder`,
    );
  });
});

const inContainers: [string, { pid: number; namespace: string }][] =
  pidNamespace() === undefined
    ? []
    : [
        ["of another container of our host name", { pid: DEAD, namespace: "pid:[1]" }],
        ["of a process of our number in another container", { pid: process.pid, namespace: "pid:[1]" }],
      ];

describe("a lock that is there", () => {
  test.each([
    ["of a process that runs", { pid: process.ppid, started: startOf(process.ppid) }],
    ["of a process of which only the number is known", { pid: process.ppid }],
    ["of another machine", { pid: DEAD, host: "elsewhere" }],
    ...inContainers,
  ])("%s is heeded and left as it is", async (_, over) => {
    const text = owner(over);
    write(folder, text);
    await expect(lockFolder(folder)).rejects.toThrow(
      `${folder} is in use by process ${over.pid} on ${"host" in over ? over.host : hostname()} since 2026-01-02T03:04:05.678Z`,
    );
    expect(readFileSync(lockOf(folder), "utf8")).toBe(text);
  });

  test("says how to get rid of it where nobody here can tell whether its process runs", async () => {
    write(folder, owner({ host: "elsewhere" }));
    await expect(lockFolder(folder)).rejects.toThrow(
      `(another machine: whether it still runs cannot be seen from here; if not, remove ${lockOf(folder)}); wait for its end or choose another --out.`,
    );
    for (const [, over] of inContainers) {
      write(folder, owner(over));
      await expect(lockFolder(folder)).rejects.toThrow(
        `(another container, or another machine of that name: whether it still runs cannot be seen from here; if not, remove ${lockOf(folder)}); wait`,
      );
    }
    write(folder, owner({ pid: process.ppid }));
    await expect(lockFolder(folder)).rejects.toThrow(
      `if that is another program by now, remove ${lockOf(folder)}`,
    );
  });

  test.each([
    ["of a process that is gone", { pid: DEAD }],
    ["of a process that is gone, in our own namespace", { pid: DEAD, namespace: pidNamespace() }],
    ["of an earlier process of our number", { pid: process.pid, started: "1 earlier" }],
    ["of an earlier process of our number, long ago", { pid: process.pid }],
  ])("%s is taken over", async (_, over) => {
    write(folder, owner(over));
    using _lock = await lockFolder(folder);
  });

  test("whose process's number another process has now is taken over", async (context) => {
    if (startOf(process.ppid) === undefined) context.skip("skipped: no /proc to tell processes apart by");
    write(folder, owner({ pid: process.ppid, started: "1 earlier" }));
    using _lock = await lockFolder(folder);
  });

  test("that a person removed and another process took is not taken away from it", async () => {
    const text = owner({ pid: process.ppid });
    {
      using _lock = await lockFolder(folder);
      write(folder, text);
    }
    expect(readFileSync(lockOf(folder), "utf8")).toBe(text);
  });
});

test("two containers of one host name do not take each other's folder", async (context) => {
  const [command, ...args] = ["unshare", "--pid", "--fork", "--mount-proc", process.execPath];
  if (spawnSync(command, [...args, "-e", "0"]).status !== 0)
    context.skip("skipped: no right to make a PID namespace");
  const child = spawn(command, [...args, "--import", "tsx", "test/files/taker.ts"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  child.stdin.write(`take ${folder}\n`);
  expect(await lines.next()).toMatchObject({ value: "taken" });
  // In there it is another number than any of ours, or one that somebody else has here.
  await expect(lockFolder(folder)).rejects.toThrow(
    /is in use by process \d+ on .* \(another container, or another machine of that name: /,
  );
  child.stdin.write("exit\n");
  await ended;
  using _lock = await lockFolder(folder);
});

test("a killed process that its parent has not asked after is gone", async (context) => {
  if (process.platform !== "linux") context.skip("skipped: zombies are looked for in /proc");
  // The shell starts a child, tells its number, and becomes a program that never waits for it.
  const parent = spawn("sh", ["-c", "sleep 100 & echo $!; exec sleep 100"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), "line");
  const pid = Number(line);
  try {
    write(folder, owner({ pid, started: startOf(pid) }));
    await expect(lockFolder(folder)).rejects.toThrow(`is in use by process ${pid}`);
    process.kill(pid, "SIGKILL");
    while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) await new Promise(setImmediate);
    using _lock = await lockFolder(folder);
  } finally {
    parent.kill("SIGKILL");
  }
});
