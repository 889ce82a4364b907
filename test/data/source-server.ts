import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** As many points as people's strokes have, so that a few drawings tell that the strokes are rows. */
const POINTS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Drawings as ndjson; `seed` tells two files apart. */
export const ndjsonOf = (count: number, seed = 0): string =>
  Array.from(
    { length: count },
    (_, i) =>
      `{"word":"cat","key_id":"${seed}-${i}","drawing":[[[0,${i % 256},${POINTS}],[0,${seed % 256},${POINTS}]]]}\n`,
  ).join("");

/** A file on a server like Google's bucket: with ranges, an etag and a length. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  etag: string,
): void {
  const bytes = Buffer.from(text);
  const [, begin] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  const condition = request.headers["if-range"];
  if (begin === undefined || (condition !== undefined && condition !== etag)) {
    response.writeHead(200, { etag, "content-length": bytes.length }).end(bytes);
  } else if (Number(begin) >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
  } else {
    const rest = bytes.subarray(Number(begin));
    const range = `bytes ${begin}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { etag, "content-range": range, "content-length": rest.length }).end(rest);
  }
}

/** Promises `length` bytes, sends `text` and, once that is out, cuts the connection. */
export function cutAfter(
  response: ServerResponse,
  text: string,
  headers: Record<string, string | number>,
): void {
  response.writeHead(200, headers);
  response.write(text, () => setImmediate(() => response.destroy()));
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A web server on this machine; `requests` keeps what was asked of it. */
export async function serve(handler: Handler) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port }: AddressInfo = address(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function address(bound: AddressInfo | string | null): AddressInfo {
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return bound;
}
