// npm run build: compiles src into dist. A training or a server that runs from dist goes on: everything is compiled aside,
// files that changed are renamed into their place one by one, and those that are no longer there go last.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const DIST = "dist";
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
// Beside dist: a rename is one step only within a file system.
const aside = mkdtempSync("dist-");

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((name) => statSync(join(folder, name)).isFile())
    : [];
const isSame = (a, b) => existsSync(b) && readFileSync(a).equals(readFileSync(b));

/** Renames what changed into its place, then removes what is no longer there, and folders that are empty by that. */
function swap() {
  chmodSync(join(aside, "cli/main.js"), 0o755);
  const built = filesIn(aside);
  for (const name of built) {
    const [from, to] = [join(aside, name), join(DIST, name)];
    if (isSame(from, to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    renameSync(from, to);
  }
  for (const name of filesIn(DIST)) if (!built.includes(name)) rmSync(join(DIST, name));
  const folders = readdirSync(DIST, { recursive: true }).filter((name) =>
    statSync(join(DIST, name)).isDirectory(),
  );
  for (const name of folders.reverse())
    if (readdirSync(join(DIST, name)).length === 0) rmdirSync(join(DIST, name));
}

try {
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", aside], {
    stdio: "inherit",
  });
  if (status === 0) swap();
  process.exitCode = status ?? 1;
} finally {
  rmSync(aside, { recursive: true, force: true });
}
