import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { collect } from "../../src/base/collect.ts";
import { UserError } from "../../src/base/errors.ts";
import { bucketAddress, openSource, type ReadOptions } from "../../src/data/source.ts";
import type { Network } from "../../src/data/sources/download.ts";
import { httpSource } from "../../src/data/sources/http.ts";
import { ndjsonOf, sendFile, serve } from "./source-server.ts";

/** So patient that a test would run out of time if anything was asked for again. */
const network: Network = { retries: 5, backoff: 60_000, idleTimeout: 60_000, mostBytes: 100_000 };

let cache = "";
let servers: { close(): unknown }[] = [];
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cizgi-address-"));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  rmSync(cache, { recursive: true, force: true });
});

async function serving(handler: Parameters<typeof serve>[0]) {
  const server = await serve(handler);
  servers.push(server);
  return server;
}

const read = (base: string, options: ReadOptions = {}) =>
  collect(httpSource(base, cache, network).drawings("cat", options));

describe("an address", () => {
  it.each([
    [
      "http://user:secret@127.0.0.1:9",
      "http://***@127.0.0.1:9: an address with a user or a password is not read",
    ],
    ["HTTPS://secret@host/x", "HTTPS://***@host/x: an address with a user or a password"],
    ["ftp://user:secret@host", 'expected an http or https address, found "ftp://***@host"'],
    ["s3://bucket/secret@x", 'expected an http or https address, found "s3://'],
    ["file:///data", 'expected an http or https address, found "file:///data"'],
    ["http:/user:secret@host", 'expected an http or https address, found "http:/***@host"'],
    ["http://user:se/cret@host", 'expected an http or https address, found "http://***@host"'],
    ["http://", 'expected an http or https address, found "http://"'],
    ["http://host/x?key=secret", "http://host/x: expected an address without ? and #"],
    ["http://host/x#secret", "http://host/x: expected an address without ? and #"],
  ])("%j is refused at once, and no secret of it said", async (address, message) => {
    const failure = await openSource(address).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toMatch(/se\/?cret(?!@x)/);
    expect(() => bucketAddress({ CIZGI_BUCKET: address })).toThrow(`CIZGI_BUCKET: `);
  });

  it("may lead to another one", async () => {
    const { url } = await serving((request, response) => {
      if (request.url === "/new/cat.ndjson") sendFile(request, response, ndjsonOf(3), '"a"');
      else response.writeHead(302, { location: "/new/cat.ndjson" }).end("moved");
    });
    expect(await read(`${url}/old`)).toHaveLength(3);
    expect(await read(`${url}/old`)).toHaveLength(3);
  });

  it.each([
    ["in a circle", "/cat.ndjson", "the server leads from address to address without end", 11],
    [
      "to a disk",
      "file:///etc/passwd",
      'leads elsewhere: expected an http or https address, found "file:///etc',
      1,
    ],
    ["by another scheme", "ftp://u:secret@h/", 'expected an http or https address, found "ftp://***@h/"', 1],
    [
      "with a password",
      "http://u:secret@127.0.0.1/",
      "http://***@127.0.0.1/: an address with a user or a",
      1,
    ],
    ["nowhere", "http://", 'expected an http or https address, found "http://"', 1],
  ])("that leads %s is asked no second time", async (_, location, message, count) => {
    const { url, requests } = await serving(
      (__, response) => void response.writeHead(301, { location }).end(),
    );
    const failure = await read(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UserError);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("secret");
    expect(requests).toHaveLength(count);
  });

  it.each([400, 401, 403, 418, 451, 304])("that answers %i is asked no second time", async (status) => {
    const { url, requests } = await serving((_, response) => void response.writeHead(status).end());
    await expect(read(url)).rejects.toThrow(`the server answered ${status}`);
    expect(requests).toHaveLength(1);
  });

  it("where something else than HTTP answers is asked no second time", async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections++;
      socket.on("error", () => {}).end("220 ftp\r\n\r\n");
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const bound = server.address();
    const port = typeof bound === "object" ? bound?.port : undefined;
    for (const scheme of ["http", "https"])
      await expect(read(`${scheme}://127.0.0.1:${port}`)).rejects.toThrow(UserError);
    expect(connections).toBe(2);
    await expect(read("http://127.0.0.1:1")).rejects.toThrow("bad port");
  });
});

describe("a file without end", () => {
  const line = ndjsonOf(1);
  it.each([
    ["of drawings", line],
    ["of newlines", "\n"],
    ["of one line", "["],
  ])("%s is left at a limit, and nothing of it kept", async (_, text) => {
    const { url, requests } = await serving((__, response) => {
      response.writeHead(200, { etag: '"a"' });
      const more = () => {
        while (response.write(text === line ? line : `${line}${text.repeat(10_000)}`));
      };
      response.on("drain", more);
      more();
    });
    await expect(read(url)).rejects.toThrow(
      `${url}/cat.ndjson is larger than 0 MiB, more than any file of drawings; if it is meant so, set CIZGI_DOWNLOAD_LIMIT to more`,
    );
    expect(requests).toHaveLength(1);
    expect(readdirSync(cache)).toEqual(["cat.ndjson.json"]);
  });

  it("that says its length is not begun", async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(200, { etag: '"a"', "content-length": 100_001 }).write(line);
    });
    await expect(read(url)).rejects.toThrow("larger than");
    expect(readdirSync(cache)).toEqual([]);
  });

  it("is no trouble where less of it is wanted", async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(200, {});
      response.on("drain", () => response.write(line.repeat(1000)));
      response.write(line.repeat(1000));
    });
    expect(await read(url, { limit: 5 })).toHaveLength(5);
  });
});
