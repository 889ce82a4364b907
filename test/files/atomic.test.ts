import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { ensureWritableFolder, writeFileAtomically } from "../../src/files/atomic.ts";
import { withMount } from "./mount.ts";

const execute = promisify(execFile);

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-atomic-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

describe("writeFileAtomically", () => {
  it("writes text and bytes, new and over an earlier file, and leaves nothing beside", async () => {
    const path = join(folder, "a.json");
    await writeFileAtomically(path, "first");
    await writeFileAtomically(path, Uint8Array.of(111, 107));
    expect(readFileSync(path, "utf8")).toBe("ok");
    expect(readdirSync(folder)).toEqual(["a.json"]);
  });

  it("writes through a symbolic link and into a device instead of replacing them", async () => {
    writeFileSync(join(folder, "real"), "old");
    symlinkSync(join(folder, "real"), join(folder, "link"));
    await writeFileAtomically(join(folder, "link"), "new");
    expect(readFileSync(join(folder, "real"), "utf8")).toBe("new");
    await writeFileAtomically("/dev/null", "gone");
    expect(readFileSync("/dev/null", "utf8")).toBe("");
  });

  it("writes through links to a file that is not there yet, and refuses what leads nowhere or in a circle", async () => {
    mkdirSync(join(folder, "elsewhere"));
    symlinkSync("second", join(folder, "first"));
    symlinkSync("elsewhere/new", join(folder, "second"));
    await writeFileAtomically(join(folder, "first"), "through");
    expect(readFileSync(join(folder, "elsewhere/new"), "utf8")).toBe("through");
    expect(readlinkSync(join(folder, "first"))).toBe("second");
    expect(readlinkSync(join(folder, "second"))).toBe("elsewhere/new");

    symlinkSync("no/folder", join(folder, "lost"));
    await expect(writeFileAtomically(join(folder, "lost"), "x")).rejects.toThrow(
      `cannot write ${join(folder, "lost")}: there is no such file or folder`,
    );
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    await expect(writeFileAtomically(join(folder, "a"), "x")).rejects.toThrow("leads back to itself");
    expect(readdirSync(folder).sort()).toEqual(["a", "b", "elsewhere", "first", "lost", "second"]);
  });

  it("writes into a pipe that a link of the system leads to", async () => {
    const script = `import { writeFileAtomically } from "./src/files/atomic.ts";
      await writeFileAtomically("/dev/stdout", "through a pipe");`;
    // A shell's pipe: the one that Node gives a child is a socket.
    const command = `"$0" --import tsx --input-type=module -e "$1" | cat`;
    const { stdout } = await execute("sh", ["-c", command, process.execPath, script]);
    expect(stdout).toBe("through a pipe");
  });

  it("removes what killed processes left, and nothing of running ones", async () => {
    const dead = 2 ** 22 + 1; // above Linux's largest process id
    const kept = [`a.${process.ppid}.0123abcd.tmp`, `b.${dead}.0123abcd.tmp`, `a.${dead}.0123abcd.tmp.txt`];
    for (const name of [...kept, `a.${dead}.0123abcd.tmp`]) writeFileSync(join(folder, name), "");
    await writeFileAtomically(join(folder, "a"), "x");
    expect(readdirSync(folder).sort()).toEqual(["a", ...kept].sort());
  });

  it("keeps the earlier file when the disk is full", async (context) => {
    const mounted = await withMount(folder, "size=64k", "a full disk", async () => {
      const path = join(folder, "model.safetensors");
      await writeFileAtomically(path, "the last good checkpoint");
      const writing = writeFileAtomically(path, new Uint8Array(200_000));
      await expect(writing).rejects.toThrow(UserError);
      await expect(writing).rejects.toThrow(`cannot write ${path}: the disk is full`);
      expect(readFileSync(path, "utf8")).toBe("the last good checkpoint");
      expect(readdirSync(folder)).toEqual(["model.safetensors"]);
    });
    if (!mounted) context.skip();
  });

  it("says that a file system is read-only", async (context) => {
    const mounted = await withMount(folder, "ro", "a read-only disk", async () => {
      await expect(writeFileAtomically(join(folder, "a"), "x")).rejects.toThrow("is read-only");
      await expect(ensureWritableFolder(join(folder, "b"))).rejects.toThrow("is read-only");
    });
    if (!mounted) context.skip();
  });

  it.skipIf(!existsSync("/dev/full"))("says that a device takes no more", async () => {
    await expect(writeFileAtomically("/dev/full", "x")).rejects.toThrow("/dev/full: the disk is full");
  });

  it("names a path that leads nowhere, through a file, or to a folder", async () => {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "sub"));
    const cases = [
      ["missing/a", "there is no such file or folder"],
      ["file/a", "part of the path is a file"],
      ["sub", "it is a folder"],
    ];
    for (const [name, problem] of cases) {
      const writing = writeFileAtomically(join(folder, name), "x");
      await expect(writing).rejects.toThrow(UserError);
      await expect(writing).rejects.toThrow(`cannot write ${join(folder, name)}: ${problem}`);
    }
    expect(readdirSync(folder).sort()).toEqual(["file", "sub"]);
  });

  if (isRoot) console.warn("skipped: a folder without permission (root may write anywhere)");
  it.skipIf(isRoot)("says that permission is denied", async () => {
    chmodSync(folder, 0o555);
    await expect(writeFileAtomically(join(folder, "a"), "x")).rejects.toThrow("permission denied");
    await expect(ensureWritableFolder(folder)).rejects.toThrow("permission denied");
    chmodSync(folder, 0o755);
  });
});

describe("ensureWritableFolder", () => {
  it("creates a folder and those above it, once or again", async () => {
    await ensureWritableFolder(join(folder, "runs/cat/1"));
    await ensureWritableFolder(join(folder, "runs/cat/1"));
    expect(existsSync(join(folder, "runs/cat/1"))).toBe(true);
  });

  it("refuses a file and a path through one", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(ensureWritableFolder(join(folder, "file"))).rejects.toThrow(
      "a file of that name is in the way",
    );
    await expect(ensureWritableFolder(join(folder, "file/a"))).rejects.toThrow("part of the path is a file");
  });
});
