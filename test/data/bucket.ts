import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Network } from "../../src/data/sources/download.ts";
import { httpSource } from "../../src/data/sources/http.ts";
import type { ReadOptions, Source } from "../../src/data/sources/reading.ts";
import { ndjsonOf, serve } from "./source-server.ts";

// What tests of servers like the bucket and of the cache begin with: a file, an empty cache for each test, servers that are
// closed after it.

export const COUNT = 2000;
export const FILE = ndjsonOf(COUNT);
export const HALF = FILE.slice(0, Math.floor(FILE.length / 2));
export const LENGTH = { "content-length": FILE.length };
export const network: Network = { retries: 3, backoff: 1, idleTimeout: 5000, mostBytes: 2 ** 24 };

export let cache = "";
let servers: Awaited<ReturnType<typeof serve>>[] = [];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cizgi-cache-"));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  rmSync(cache, { recursive: true, force: true });
});

/** A server, and the source at its address. */
export async function serving(handler: Parameters<typeof serve>[0], patience: Partial<Network> = {}) {
  const server = await serve(handler);
  servers.push(server);
  return { ...server, source: httpSource(server.url, cache, { ...network, ...patience }) };
}

/** The identifiers of all drawings read, in order, each line's index checked against its place. */
export async function read(source: Source, options: ReadOptions = {}, category = "cat"): Promise<string[]> {
  const ids: string[] = [];
  for await (const { sketch, line } of source.drawings(category, options)) {
    expect(line).toBe(ids.length);
    ids.push(sketch.keyId ?? "");
  }
  return ids;
}
export const idsOf = (count: number, seed = 0) => Array.from({ length: count }, (_, i) => `${seed}-${i}`);
export const sizeOf = (name: string) => statSync(join(cache, name)).size;
export const cached = () => readdirSync(cache).sort();
