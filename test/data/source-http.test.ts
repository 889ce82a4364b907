import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { httpSource } from "../../src/data/sources/http.ts";
import type { Progress } from "../../src/data/sources/reading.ts";
import { COUNT, cache, cached, FILE, HALF, idsOf, LENGTH, network, read, serving, sizeOf } from "./bucket.ts";
import { cutAfter, ndjsonOf, sendFile } from "./source-server.ts";

describe("a server like the bucket", () => {
  it("is read once and then from the cache", async () => {
    const { source, requests } = await serving((request, response) =>
      sendFile(request, response, FILE, '"a"'),
    );
    let last: Progress | undefined;
    const onProgress = (progress: Progress) => {
      last = { ...progress };
    };
    expect(await read(source, { onProgress })).toEqual(idsOf(COUNT));
    expect(last).toEqual({ bytes: FILE.length, totalBytes: FILE.length, drawings: COUNT });
    expect(cached()).toEqual(["cat.ndjson", "cat.ndjson.json"]);
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
    expect(await read(source, { onProgress })).toEqual(idsOf(COUNT));
    expect(last).toEqual({ bytes: FILE.length, totalBytes: FILE.length, drawings: COUNT });
    expect(requests.map(({ url }) => url)).toEqual(["/cat.ndjson"]);
  });

  it("is read each time where there is no cache, which is said once", async () => {
    const { url, requests } = await serving((request, response) =>
      sendFile(request, response, ndjsonOf(3), '"a"'),
    );
    const notices: string[] = [];
    const onNotice = (text: string) => notices.push(text);
    const source = httpSource(url, undefined, network);
    for (let time = 0; time < 2; time++) expect(await read(source, { onNotice, limit: 3 })).toEqual(idsOf(3));
    expect(requests).toHaveLength(2);
    expect(notices).toEqual([
      "downloads are not kept: there is no home folder, and XDG_CACHE_HOME is not set",
    ]);
  });

  it("is asked for blanks as %20, and for Google's spelling when it does not know ours", async () => {
    const { source, requests } = await serving((request, response) => {
      if (request.url === "/t-shirt.ndjson" || request.url === "/wine%20glass.ndjson")
        sendFile(request, response, ndjsonOf(3), '"a"');
      else response.writeHead(404).end("<html>not found</html>");
    });
    expect(await read(source, {}, "wine_glass")).toHaveLength(3);
    expect(await read(source, {}, "t-shirt")).toHaveLength(3);
    expect(await read(source, {}, "t-shirt")).toHaveLength(3);
    expect(requests.map(({ url }) => url)).toEqual([
      "/wine%20glass.ndjson",
      "/t%20shirt.ndjson",
      "/t-shirt.ndjson",
    ]);
  });

  it("is continued where it cut the connection", async () => {
    const { source, requests } = await serving((request, response, count) =>
      count === 1
        ? cutAfter(response, HALF, { ...LENGTH, etag: '"a"' })
        : sendFile(request, response, FILE, '"a"'),
    );
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
    expect(requests.map(({ headers }) => [headers.range, headers["if-range"]])).toEqual([
      [undefined, undefined],
      [expect.stringMatching(/^bytes=[1-9]\d*-$/), '"a"'],
    ]);
  });

  it("is given up after some attempts, and continued by the next run", async () => {
    let down = true;
    const { source, url, requests } = await serving((request, response, count) => {
      if (count === 1) cutAfter(response, HALF, { ...LENGTH, etag: '"a"' });
      else if (down) response.destroy();
      else sendFile(request, response, FILE, '"a"');
    });
    const failure = await read(source).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    const kept = sizeOf("cat.ndjson.part");
    expect(kept).toBeGreaterThan(0);
    expect(String(failure)).toContain(`${url}/cat.ndjson: gave up after byte ${kept} of ${FILE.length}`);
    expect(String(failure)).toContain("run again to go on");
    expect(cached()).toEqual(["cat.ndjson.json", "cat.ndjson.part"]);

    down = false;
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests.at(-1)?.headers.range).toBe(`bytes=${kept}-`);
    expect(cached()).toEqual(["cat.ndjson", "cat.ndjson.json"]);
  });

  it("may cut again and again, as long as something comes each time", async () => {
    const etag = '"a"';
    const { source, requests } = await serving((request, response) => {
      const begin = Number(/\d+/.exec(request.headers.range ?? "0"));
      const text = FILE.slice(begin, begin + 20_000);
      if (begin === 0) return cutAfter(response, text, { ...LENGTH, etag });
      const range = `bytes ${begin}-${FILE.length - 1}/${FILE.length}`;
      response.writeHead(206, { etag, "content-range": range, "content-length": FILE.length - begin });
      response.write(text, () => setImmediate(() => response.destroy()));
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests.length).toBeGreaterThan(network.retries + 1);
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
  });

  it("may know no ranges", async () => {
    const { source, requests } = await serving((_, response, count) => {
      const headers = { ...LENGTH, "last-modified": "Sat, 01 Apr 2017 00:00:00 GMT" };
      if (count === 1) cutAfter(response, HALF, headers);
      else response.writeHead(200, headers).end(FILE);
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests[1].headers["if-range"]).toBe("Sat, 01 Apr 2017 00:00:00 GMT");
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
  });

  it("may be wrong about where its answer begins", async () => {
    const { source, requests } = await serving((request, response, count) => {
      if (count === 1) return cutAfter(response, HALF, { ...LENGTH, etag: '"a"' });
      if (request.headers.range === undefined) return sendFile(request, response, FILE, '"a"');
      response.writeHead(206, { etag: '"a"', "content-range": `bytes 5-9/${FILE.length}` }).end("wrong");
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(3);
  });

  it("is noticed to have another file than the one begun", async () => {
    const { source, requests } = await serving((request, response, count) =>
      count === 1
        ? cutAfter(response, HALF, { ...LENGTH, etag: '"a"' })
        : sendFile(request, response, ndjsonOf(COUNT, 7), '"b"'),
    );
    await expect(read(source)).rejects.toThrow("the server has another file now");
    const notices: string[] = [];
    expect(await read(source, { onNotice: (text) => notices.push(text) })).toEqual(idsOf(COUNT, 7));
    expect(notices).toEqual([expect.stringContaining("/cat.ndjson changed on the server")]);
    expect(requests.at(-1)?.headers["if-range"]).toBe('"a"');
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(ndjsonOf(COUNT, 7));
  });

  it("is asked for no more than a limit needs, and later for the rest", async () => {
    let noteClosed = () => {};
    const closed = new Promise<void>((resolve) => {
      noteClosed = resolve;
    });
    const { source, requests } = await serving((request, response, count) => {
      if (count > 1) return sendFile(request, response, FILE, '"a"');
      // Sends half and then nothing: only a reader that closes the connection comes to an end.
      response.writeHead(200, { ...LENGTH, etag: '"a"' }).write(HALF);
      response.on("close", noteClosed);
    });
    expect(await read(source, { limit: 100 })).toEqual(idsOf(100));
    await closed;
    expect(cached()).toEqual(["cat.ndjson.json", "cat.ndjson.part"]);
    expect(await read(source, { limit: 200 })).toEqual(idsOf(200));
    expect(requests).toHaveLength(1);
    expect(await read(source, { limit: COUNT })).toEqual(idsOf(COUNT));
    expect(requests[1].headers.range).toMatch(/^bytes=[1-9]/);
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(2);
    expect(cached()).toEqual(["cat.ndjson", "cat.ndjson.json"]);
  });

  it("goes on to the server when the lines of an unfinished file turn out not to be enough", async () => {
    const broken = `{"word":"cat","drawing":[]}\n`.repeat(5) + FILE;
    const { source, requests } = await serving((request, response, count) =>
      count === 1
        ? cutAfter(response, broken.slice(0, 3000), { "content-length": broken.length, etag: '"a"' })
        : count === 2
          ? response.destroy()
          : sendFile(request, response, broken, '"a"'),
    );
    const ids = async (limit: number) => {
      const found: (string | undefined)[] = [];
      for await (const { sketch } of source.drawings("cat", { limit })) found.push(sketch.keyId);
      return found;
    };
    expect(await ids(10)).toEqual(idsOf(10));
    const lines = readFileSync(join(cache, "cat.ndjson.part"), "utf8").split("\n").length - 1;
    expect(await ids(lines)).toEqual(idsOf(lines));
    expect(requests).toHaveLength(3);
  });

  it("may be slow, and is asked again", async () => {
    const { source, requests } = await serving(
      (request, response, count) => {
        if (count === 1) response.writeHead(200, { ...LENGTH, etag: '"a"' }).write(HALF);
        else if (count > 2) sendFile(request, response, FILE, '"a"');
      },
      { idleTimeout: 300 },
    );
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests.length).toBeGreaterThanOrEqual(3);
  });

  it("may be silent for good: an error says so", async () => {
    const { source, url, requests } = await serving(() => {}, { idleTimeout: 50, retries: 2 });
    await expect(read(source)).rejects.toThrow(`${url}/cat.ndjson cannot be read (no data for 0.05 s)`);
    expect(requests).toHaveLength(3);
    expect(cached()).toEqual([]);
  });

  it("may fail and recover", async () => {
    const { source } = await serving((request, response, count) =>
      count < 3 ? response.writeHead(503).end("busy") : sendFile(request, response, FILE, '"a"'),
    );
    expect(await read(source)).toEqual(idsOf(COUNT));
  });

  it("may pack what it sends, asked or not", async () => {
    const packed = gzipSync(FILE);
    const { source, requests } = await serving((_, response, count) => {
      const headers = { "content-encoding": "gzip", "content-length": packed.length, etag: '"a"' };
      if (count === 1) {
        response.writeHead(200, headers);
        response.write(packed.subarray(0, packed.length / 2), () => setImmediate(() => response.destroy()));
      } else response.writeHead(200, headers).end(packed);
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests[0].headers["accept-encoding"]).toBe("identity");
    expect(readFileSync(join(cache, "cat.ndjson"), "utf8")).toBe(FILE);
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(2);
  });

  it("may pack even a part, which then says nothing of where the file goes on", async () => {
    const { source, requests } = await serving((request, response, count) => {
      if (count === 1) return cutAfter(response, HALF, { ...LENGTH, etag: '"a"' });
      const begin = Number(/\d+/.exec(request.headers.range ?? ""));
      if (request.headers.range === undefined) return sendFile(request, response, FILE, '"a"');
      const range = `bytes ${begin}-${FILE.length - 1}/${FILE.length}`;
      response.writeHead(206, { etag: '"a"', "content-range": range, "content-encoding": "gzip" });
      response.end(gzipSync("of the packed file"));
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(3);
  });

  it("may send chunks without saying how long the file is", async () => {
    const { source, requests } = await serving((_, response) => {
      response.writeHead(200, {});
      response.write(HALF);
      response.end(FILE.slice(HALF.length));
    });
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(await read(source)).toEqual(idsOf(COUNT));
    expect(requests).toHaveLength(1);
  });

  it("is left when the reader aborts", async () => {
    const { source } = await serving((_, response) => void response.writeHead(200, LENGTH).write(HALF));
    const stop = new AbortController();
    const reading = read(source, { signal: stop.signal, onProgress: () => stop.abort(new Error("Ctrl-C")) });
    await expect(reading).rejects.toThrow("Ctrl-C");
  });
});

describe("what is not a file of drawings", () => {
  it.each([
    ["rabit", 'no drawings of "rabit" at', 'Did you mean "rabbit"?'],
    ["cat", "/cat.ndjson", "Check the address."],
  ])("a missing %s is named", async (category, ...parts) => {
    const { source, requests } = await serving((_, response) => response.writeHead(404).end());
    const reading = read(source, {}, category);
    await expect(reading).rejects.toThrow(UserError);
    for (const part of parts) await expect(reading).rejects.toThrow(part);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ["a page", 200, "<!doctype html><title>Log in</title>", 'found "<!doctype html>'],
    ["an empty file", 200, "", "is empty"],
    ["a refusal", 403, "no", "the server answered 403 Forbidden"],
  ])("%s is refused at once, and nothing is kept of it", async (_, status, body, problem) => {
    const { source, requests } = await serving((_, response) => response.writeHead(status).end(body));
    const reading = read(source);
    await expect(reading).rejects.toThrow(UserError);
    await expect(reading).rejects.toThrow(problem);
    expect(requests).toHaveLength(1);
    expect(cached()).toEqual([]);
  });

  it("a page in the middle of a download leaves what came before", async () => {
    const { source } = await serving((request, response, count) => {
      if (count === 1) cutAfter(response, HALF, { ...LENGTH, etag: '"a"' });
      else if (count === 2) response.writeHead(200).end("<html>");
      else sendFile(request, response, FILE, '"a"');
    });
    await expect(read(source)).rejects.toThrow("holds no drawings");
    expect(sizeOf("cat.ndjson.part")).toBeGreaterThan(0);
    expect(await read(source)).toEqual(idsOf(COUNT));
  });

  it("no server at all", async () => {
    const { source, close } = await serving(() => {});
    await close();
    await expect(read(source)).rejects.toThrow("ECONNREFUSED");
  });
});
