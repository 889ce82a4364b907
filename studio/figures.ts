// The studio's figures, in Chromium without a graphics processor: npx tsx studio/figures.ts, after npm run studio:build.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { openBrowser } from "../test/studio/browser.ts";
import { serve } from "../test/studio/server.ts";

const FOLDER = "studio/dist";
const ROUNDS = 20;
const DRAWINGS = 10;

/** Bytes of the page's code, compressed; without ONNX Runtime, weights and letters. */
function codeBytes(): number {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" });
  const code = files.filter((name) => /\.(html|css|js)$/.test(name) && !/ort[.-]/.test(name));
  return code.reduce((sum, name) => sum + gzipSync(readFileSync(join(FOLDER, name))).length, 0);
}

const drawn = (page: Page, count: number) =>
  page
    .locator(".status")
    .filter({ hasText: new RegExp(`^${count} drawing`) })
    .waitFor();

const server = await serve({ studio: FOLDER });
const browser = await openBrowser();
try {
  console.log(`code: ${(codeBytes() / 1000).toFixed(0)} kB compressed`);

  const page = await browser.newPage();
  // Tasks of the page's thread that are longer than 50 ms.
  await page.addInitScript(
    `globalThis.long = []; new PerformanceObserver((list) => long.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })))).observe({ type: "longtask" });`,
  );
  const started = performance.now();
  await page.goto(`${server.url}/#draw?category=snail&count=1`);
  await page.locator(".status").filter({ hasText: "WebAssembly" }).waitFor();
  const loaded = performance.now();
  await drawn(page, 1);
  const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(1);
  console.log(
    `first drawing: ${seconds(loaded)} s after load, ${seconds(started)} s after the address; one thread`,
  );

  await page.evaluate("long.length = 0");
  await page.goto(`${server.url}/#ways?category=cat&seed=1`);
  const opened = performance.now();
  const columns = page.locator(".ways .card:not(.blank)");
  if ((await page.locator(".ways").count()) > 0) {
    await columns.first().waitFor();
    const first = seconds(opened);
    await drawn(page, 8);
    const tasks = await page.evaluate<{ duration: number }[]>("long");
    console.log(
      `eight ways: first column begins after ${first} s, all are drawn after ${seconds(opened)} s, models fetched; ${tasks.length} tasks above 50 ms`,
    );
  }

  const cdp = await browser.newBrowserCDPSession();
  const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const megabytes = (): number =>
    renderers.reduce((sum, id) => {
      const status = readFileSync(`/proc/${id}/status`, "utf8");
      return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    }, 0);
  await page.evaluate("long.length = 0");
  const memory: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await page.goto(`${server.url}/#draw?category=snail&count=${DRAWINGS}&seed=${round}`);
    await page.locator(".status").filter({ hasText: "Drawing" }).waitFor();
    await drawn(page, DRAWINGS);
    memory.push(Math.round(megabytes()));
  }
  console.log(`memory after each ${DRAWINGS} drawings, MiB: ${memory.join(" ")}`);
  const long = await page.evaluate<{ duration: number }[]>("long");
  const longest = Math.max(0, ...long.map(({ duration }) => duration));
  console.log(
    `tasks of the page above 50 ms while drawing: ${long.length}, the longest ${longest.toFixed(0)} ms`,
  );
} finally {
  await browser.close();
  await server.stop();
}
