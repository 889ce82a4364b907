import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { newReadReport } from "../../src/data/read/report.ts";
import {
  bucketAddress,
  openSource,
  type ReadOptions,
  resolveSource,
  type Source,
} from "../../src/data/source.ts";
import { cacheFolder } from "../../src/data/sources/cache.ts";
import { configure } from "../../src/families/configure.ts";
import { ndjsonOf, sendFile, serve } from "./source-server.ts";

const shared = fileURLToPath(new URL("../../../shared/", import.meta.url));
if (!existsSync(shared)) console.warn("skipped: sources over real files (../shared is missing)");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cizgi-source-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

async function read(source: Source, category: string, options: ReadOptions = {}) {
  const drawings = [];
  for await (const drawing of source.drawings(category, options)) drawings.push(drawing);
  return drawings;
}

it("keeps the cache where XDG says, and at home when that is no absolute path", () => {
  const below = ["cizgi", "quickdraw", "simplified"];
  expect(cacheFolder({ XDG_CACHE_HOME: "/cache" })).toBe(join("/cache", ...below));
  expect(cacheFolder({ XDG_CACHE_HOME: "cache" })).toBe(join(homedir(), ".cache", ...below));
  expect(cacheFolder({})).toBe(join(homedir(), ".cache", ...below));
});

it("has no cache without a home folder, unless XDG says where", () => {
  for (const home of ["/nowhere", "", "relative"]) {
    vi.stubEnv("HOME", home);
    vi.stubEnv("USERPROFILE", home);
    expect(cacheFolder({})).toBeUndefined();
    expect(cacheFolder({ XDG_CACHE_HOME: "/cache" })).toBe("/cache/cizgi/quickdraw/simplified");
  }
  vi.unstubAllEnvs();
});

describe("synthetic drawings", () => {
  it("are as many as asked for, and the same each time", async () => {
    const source = await openSource("synthetic");
    expect(await source.categories()).toEqual(["cat", "bus", "rabbit"]);
    const report = newReadReport();
    const drawings = await read(source, "Rabbit", { limit: 5, report });
    expect(drawings.map(({ line, sketch }) => [line, sketch.word])).toEqual(
      [0, 1, 2, 3, 4].map((line) => [line, "rabbit"]),
    );
    expect(report).toMatchObject({ lines: 5, read: 5 });
    expect(await read(source, "rabbit", { limit: 3 })).toEqual(drawings.slice(0, 3));
    await expect(read(source, "dog")).rejects.toThrow('the synthetic source has no category "dog"');
  });
});

describe("a folder", () => {
  it("has the categories of its files, by any spelling, and stops at a limit", async () => {
    write("cat.ndjson", ndjsonOf(20));
    write("wine_glass.ndjson", ndjsonOf(5));
    write("notes.txt", "");
    write("._cat.ndjson", "");
    const source = await openSource(folder);
    expect(source).toMatchObject({ kind: "folder", description: folder });
    expect(await source.categories()).toEqual(["cat", "wine glass"]);
    expect(await read(source, "wine%20glass")).toHaveLength(5);
    const report = newReadReport();
    const drawings = await read(source, "Cat", { limit: 7, report });
    expect(drawings.map(({ line, sketch }) => [line, sketch.keyId])).toEqual(
      Array.from({ length: 7 }, (_, i) => [i, `0-${i}`]),
    );
    expect(report.read).toBe(7);
    expect(await read(source, "cat", { limit: 0 })).toEqual([]);
  });

  it("tells of its progress", async () => {
    write("cat.ndjson", ndjsonOf(20));
    const bytes = ndjsonOf(20).length;
    const seen: unknown[] = [];
    await read(await openSource(folder), "cat", { onProgress: (progress) => seen.push({ ...progress }) });
    expect(seen).toEqual([
      { bytes, totalBytes: bytes, drawings: 0 },
      { bytes, totalBytes: bytes, drawings: 20 },
    ]);
  });

  it("may be one file, packed or not", async () => {
    write("house_plant.ndjson", gzipSync(ndjsonOf(4)));
    const source = await openSource(join(folder, "house_plant.ndjson"));
    expect(await source.categories()).toEqual(["house plant"]);
    expect(await read(source, "house plant")).toHaveLength(4);
  });

  it("is left when the reader aborts", async () => {
    write("cat.ndjson", ndjsonOf(4));
    const signal = AbortSignal.abort(new Error("Ctrl-C"));
    await expect(read(await openSource(folder), "cat", { signal })).rejects.toThrow("Ctrl-C");
  });

  it("names what is missing or of another kind", async () => {
    write("notes.txt", "");
    mkdirSync(join(folder, "empty"));
    mkdirSync(join(folder, "bus.ndjson"));
    const cases = [
      [join(folder, "none"), "there is no such file or folder"],
      [join(folder, "notes.txt"), "expected a folder or a file of drawings (.ndjson, "],
      [join(folder, "empty"), "has no drawings: expected files such as cat.ndjson"],
      [join(folder, "notes.txt", "cat"), "part of the path is a file"],
    ];
    for (const [address, problem] of cases) {
      await expect(openSource(address)).rejects.toThrow(UserError);
      await expect(openSource(address)).rejects.toThrow(problem);
      await expect(openSource(address)).rejects.toThrow(address);
    }
    const source = await openSource(folder);
    await expect(read(source, "bos")).rejects.toThrow(`${folder} has no category "bos". Did you mean "bus"?`);
    await expect(read(source, "bus")).rejects.toThrow("is a folder");
  });
});

describe.skipIf(!existsSync(shared))("real files", () => {
  it("are read from a folder", async () => {
    const source = await openSource(join(shared, "quickdraw/simplified"));
    expect(await source.categories()).toHaveLength(345);
    expect(await read(source, "cat")).toHaveLength(657);
    expect(await read(source, "bus", { limit: 100 })).toHaveLength(100);
  });

  it("are read from a set of Sketch-RNN", async () => {
    const source = await openSource(join(shared, "sketch-rnn/short_kanji.npz"));
    expect(await source.categories()).toEqual(["short kanji"]);
    const drawings = await read(source, "short_kanji", { limit: 50 });
    expect(drawings.map(({ line }) => line)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it("are the same from a folder and from a web server over it", async () => {
    const simplified = join(shared, "quickdraw/simplified");
    const server = await serve((request, response) => {
      const name = decodeURIComponent(request.url ?? "");
      sendFile(request, response, readFileSync(join(simplified, name), "utf8"), '"a"');
    });
    const served = await openSource(`${server.url}/`, { XDG_CACHE_HOME: folder });
    const drawings = await read(served, "the eiffel tower");
    await server.close();
    expect(drawings).toEqual(await read(await openSource(simplified), "the eiffel tower"));
    expect(drawings.length).toBeGreaterThan(300);
  });
});

describe("the source to use when nobody names one", () => {
  const wanted = { categories: ["cat", "bus"] };
  const nowhere = "http://127.0.0.1:9/simplified";

  it("is CIZGI_DATA, which has to lead somewhere", async () => {
    write("cat.ndjson", ndjsonOf(3));
    const { source, why } = await resolveSource(wanted, { CIZGI_DATA: folder });
    expect(source).toMatchObject({ kind: "folder", description: folder });
    expect(why).toContain(`${folder} (CIZGI_DATA)`);
    await expect(resolveSource(wanted, { CIZGI_DATA: join(folder, "none") })).rejects.toThrow(
      `CIZGI_DATA: cannot read drawings from ${join(folder, "none")}: there is no such file or folder`,
    );
    expect((await resolveSource(wanted, { CIZGI_DATA: "synthetic" })).source.kind).toBe("synthetic");
    expect((await resolveSource(wanted, { CIZGI_DATA: nowhere })).source.description).toBe(nowhere);
  });

  it("is the one that somebody names, before all others: a configuration's data", async () => {
    write("cat.ndjson", ndjsonOf(3));
    const { data } = configure("baseline", { data: folder });
    for (const env of [{}, { CIZGI_DATA: "synthetic" }, { CIZGI_BUCKET: nowhere }]) {
      const { source, why } = await resolveSource(data, env);
      expect(source).toMatchObject({ kind: "folder", description: folder });
      expect(why).toBe(`Drawings come from ${folder}.`);
    }
    expect((await resolveSource({ ...data, source: "synthetic" }, {})).source.kind).toBe("synthetic");
    await expect(resolveSource({ ...data, source: join(folder, "none") }, {})).rejects.toThrow(
      "there is no such file or folder",
    );
    const unnamed = await resolveSource({ ...data, source: "" }, { CIZGI_DATA: folder });
    expect(unnamed.why).toContain("CIZGI_DATA");
  });

  it("is the cache only where that has all of a category, when all are wanted: limit 0 of a configuration", async () => {
    const server = await serve((request, response) => sendFile(request, response, ndjsonOf(30), '"a"'));
    const env = { CIZGI_BUCKET: server.url, XDG_CACHE_HOME: folder };
    const { source } = await resolveSource(wanted, env);
    for (const category of wanted.categories) await read(source, category, { limit: 10 });
    await server.close();
    expect((await resolveSource({ ...wanted, limit: 10 }, env)).why).toContain("from the cache");
    expect((await resolveSource({ ...wanted, limit: 0 }, env)).source.kind).toBe("synthetic");
  });

  it("is the bucket even when it fails once", async () => {
    const server = await serve((request, response, count) =>
      count === 1 ? response.destroy() : sendFile(request, response, ndjsonOf(3), '"a"'),
    );
    const env = { CIZGI_BUCKET: server.url, XDG_CACHE_HOME: folder };
    expect((await resolveSource(wanted, env)).source.kind).toBe("http");
    await server.close();
  });

  it("is the bucket where it answers, then what the cache has of it", async () => {
    const server = await serve((request, response) => sendFile(request, response, ndjsonOf(30), '"a"'));
    const env = { CIZGI_BUCKET: `${server.url}/`, XDG_CACHE_HOME: folder };
    const first = await resolveSource(wanted, env);
    expect(first.source).toMatchObject({ kind: "http", description: server.url });
    expect(first.why).toContain(server.url);
    expect(await read(first.source, "cat")).toHaveLength(30);
    expect(existsSync(join(folder, "cizgi/quickdraw/simplified/cat.ndjson"))).toBe(true);
    await read(first.source, "bus", { limit: 10 });
    await server.close();

    const limited = await resolveSource({ ...wanted, limit: 10 }, env);
    expect(limited.why).toContain("from the cache");
    expect(await read(limited.source, "cat", { limit: 10 })).toHaveLength(10);
    expect(await read(limited.source, "bus", { limit: 10 })).toHaveLength(10);
    expect((await resolveSource({ categories: ["cat"] }, env)).why).toContain("from the cache");
    expect((await resolveSource({ categories: ["cat", "rabbit"] }, env)).source.kind).toBe("synthetic");
  });

  it("is synthetic, and says so, where no bucket is in reach", async () => {
    const { source, why } = await resolveSource(wanted, { CIZGI_BUCKET: nowhere, XDG_CACHE_HOME: folder });
    expect(source.kind).toBe("synthetic");
    expect(why).toContain(`SYNTHETIC`);
    expect(why).toContain(`${nowhere} is out of reach`);
    expect(why).toContain("CIZGI_DATA");
    expect(await read(source, "cat", { limit: 5 })).toHaveLength(5);
  });

  it("is synthetic where something else answers in the bucket's place", async () => {
    const server = await serve((_, response) => response.writeHead(200).end("<html>log in"));
    const { source, why } = await resolveSource(wanted, { CIZGI_BUCKET: server.url, XDG_CACHE_HOME: folder });
    await server.close();
    expect(source.kind).toBe("synthetic");
    expect(why).toContain("holds no drawings");
  });

  it("has the address of Google's bucket, or another one that is an address", () => {
    expect(bucketAddress({})).toBe("https://storage.googleapis.com/quickdraw_dataset/full/simplified");
    expect(bucketAddress({ CIZGI_BUCKET: "http://host/base//" })).toBe("http://host/base");
    expect(() => bucketAddress({ CIZGI_BUCKET: "host/base" })).toThrow(
      'CIZGI_BUCKET: expected an http or https address, found "host/base"',
    );
  });
});
