import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { httpSource } from "../../src/data/sources/http.ts";
import { withMount } from "../files/mount.ts";
import { COUNT, cache, cached, FILE, HALF, idsOf, network, read, serving } from "./bucket.ts";
import { ndjsonOf, sendFile } from "./source-server.ts";

describe("the cache", () => {
  const whole = (request: Parameters<typeof sendFile>[0], response: Parameters<typeof sendFile>[1]) =>
    sendFile(request, response, FILE, '"a"');

  it("is not trusted when a file changed its length", async () => {
    const { source, requests } = await serving(whole);
    await read(source);
    writeFileSync(join(cache, "cat.ndjson"), HALF);
    const notices: string[] = [];
    expect(await read(source, { onNotice: (text) => notices.push(text) })).toEqual(idsOf(COUNT));
    expect(notices).toEqual([expect.stringContaining("cat.ndjson is damaged")]);
    expect(requests).toHaveLength(2);
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
  });

  it("is not taken for another address", async () => {
    const first = await serving(whole);
    await read(first.source);
    const second = await serving((request, response) => sendFile(request, response, ndjsonOf(9, 1), '"a"'));
    expect(await read(second.source)).toEqual(idsOf(9, 1));
  });

  it("is begun afresh when nothing is known of what is there", async () => {
    const { source, requests } = await serving(whole);
    writeFileSync(join(cache, "cat.ndjson.part"), "of some other program");
    expect(await read(source)).toEqual(idsOf(COUNT));
    writeFileSync(join(cache, "cat.ndjson.json"), "{");
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(2);
  });

  it("is completed without the server when only the last step was missing", async () => {
    const { source, requests } = await serving(whole);
    await read(source);
    renameSync(join(cache, "cat.ndjson"), join(cache, "cat.ndjson.part"));
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(1);
    expect(cached()).toEqual(["cat.ndjson", "cat.ndjson.json"]);
  });

  it("is left to one reader at a time", async () => {
    const { source } = await serving(whole);
    const notices: string[] = [];
    const options = { onNotice: (text: string) => notices.push(text) };
    expect(await Promise.all([read(source, options), read(source, options)])).toEqual([
      idsOf(COUNT),
      idsOf(COUNT),
    ]);
    expect(notices).toEqual([
      expect.stringContaining(`is being fetched by process ${process.pid} already; reading past the cache`),
    ]);
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
    expect(cached()).toEqual(["cat.ndjson", "cat.ndjson.json"]);
  });

  it.each([
    ["a running process", { pid: process.ppid }, 1],
    ["a process on another machine", { pid: 2 ** 22 + 1, host: "elsewhere" }, 1],
    ["a killed process", { pid: 2 ** 22 + 1 }, 0],
    ["an earlier process of our number", { pid: process.pid }, 0],
  ])("heeds the lock of %s or not", async (_, owner, noticed) => {
    const { source } = await serving(whole);
    const lock = { host: hostname(), since: "2026-01-02T03:04:05.678Z", ...owner };
    writeFileSync(join(cache, "cat.ndjson.lock"), JSON.stringify(lock));
    const notices: string[] = [];
    expect(await read(source, { onNotice: (text) => notices.push(text) })).toEqual(idsOf(COUNT));
    expect(notices).toHaveLength(noticed);
    expect(existsSync(join(cache, "cat.ndjson.lock"))).toBe(noticed === 1);
    expect(existsSync(join(cache, "cat.ndjson"))).toBe(noticed === 0);
  });

  it("is done without where it cannot be written", async () => {
    const { url } = await serving(whole);
    writeFileSync(join(cache, "file"), "");
    const notices: string[] = [];
    const source = httpSource(url, join(cache, "file", "cizgi"), network);
    expect(await read(source, { onNotice: (text) => notices.push(text) })).toEqual(idsOf(COUNT));
    expect(notices).toEqual([expect.stringContaining("part of the path is a file")]);
  });

  it("is done without once the disk is full", async (context) => {
    const { source } = await serving(whole);
    const mounted = await withMount(cache, "size=64k", "a cache on a full disk", async () => {
      const notices: string[] = [];
      expect(await read(source, { onNotice: (text) => notices.push(text) })).toEqual(idsOf(COUNT));
      expect(notices).toEqual([expect.stringContaining("without the cache: cannot write")]);
      expect(notices[0]).toContain("the disk is full");
    });
    if (!mounted) context.skip();
  });

  it("cannot be left by a category's name", async () => {
    const { source } = await serving(whole);
    expect(await read(source, { limit: 1 }, "../../cat")).toEqual(idsOf(1));
    expect(cached()).toEqual(["%2E.%2F..%2Fcat.ndjson.json", "%2E.%2F..%2Fcat.ndjson.part"]);
  });
});
