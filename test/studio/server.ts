import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A host like any other: files, and no header that they did not ask for. */
export interface StaticServer {
  readonly url: string;
  /** Where a request's path matches the network fails. */
  refuse: RegExp | undefined;
  /** Where a request's path matches the answer is nonsense. */
  spoil: RegExp | undefined;
  /** Where a request's path matches the answer is what is made of the file. */
  change: { readonly path: RegExp; readonly content: (bytes: Buffer) => Buffer } | undefined;
  /** Where a request's path matches there is never an answer. */
  hang: RegExp | undefined;
  /** Where a request's path matches the host sends it to its folder. */
  redirect: RegExp | undefined;
  /** Where a request's path matches the host is in trouble: 502. */
  trouble: RegExp | undefined;
  /** The Content-Security-Policy of all answers. */
  policy: string | undefined;
  stop(): Promise<void>;
}

/** Serves folders by the first part of their paths, the first one for everything else. */
export async function serve(folders: Readonly<Record<string, string>>): Promise<StaticServer> {
  const [home = ""] = Object.values(folders);
  const server = createServer(async ({ url = "/", socket }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    if (served.refuse?.test(path)) return socket.destroy();
    if (served.hang?.test(path)) return;
    if (served.redirect?.test(path)) return response.writeHead(302, { Location: "./" }).end();
    if (served.trouble?.test(path)) return response.writeHead(502).end("bad gateway");
    const [, first = "", ...rest] = (path.endsWith("/") ? `${path}index.html` : path).split("/");
    const folder = folders[first];
    const file = folder ? join(folder, ...rest) : join(home, first, ...rest);
    const bytes = await readFile(file).catch(() => undefined);
    if (bytes === undefined) return response.writeHead(404).end();
    if (served.spoil?.test(path)) return response.end("nonsense");
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const content = served.change?.path.test(path) ? served.change.content(bytes) : bytes;
    const policy = served.policy && { "Content-Security-Policy": served.policy };
    response
      .writeHead(200, { "Content-Type": type, "Content-Length": content.length, ...policy })
      .end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const served: StaticServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: undefined,
    spoil: undefined,
    change: undefined,
    hang: undefined,
    redirect: undefined,
    trouble: undefined,
    policy: undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return served;
}
