import type { ReadableStreamReadResult } from "node:stream/web";
import { UserError } from "../../base/errors.ts";
import { requireAddress } from "./address.ts";

/** What a server says of a file, to recognise the same file again. */
export interface Version {
  readonly url: string;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly totalBytes?: number | undefined;
}

export interface Connection {
  /** The server's file. */
  readonly version: Version;
  /** Where `chunks` begin: the asked position, or 0 when the server's file is not the known version. */
  readonly position: number;
  readonly chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

/** A place in a file, and the version that the bytes before it belong to. */
export interface Place {
  readonly position: number;
  readonly version?: Version | undefined;
}

/** The server has no such file. */
export class NotFound extends UserError {}

/**
 * One request for the bytes of `url` from a place on (RFC 9110, 14: range requests). A server without ranges sends the
 * file whole; what comes before the place is then dropped.
 * @param ranges false to ask for the whole file, of a server whose partial answers make no sense.
 * @param idleTimeout milliseconds without data after which the connection counts as lost.
 * @throws NotFound; UserError when the server refuses or sends something else than drawings; any other error for
 *   what may pass: a lost connection or a server's own failure.
 */
export async function connect(
  url: string,
  place: Place,
  idleTimeout: number,
  signal?: AbortSignal,
  ranges = true,
): Promise<Connection> {
  const closing = new AbortController();
  const close = () => closing.abort();
  try {
    const response = await within(
      idleTimeout,
      follow(url, {
        // Ranges count the bytes that are sent: they have to be those of the file.
        headers: { "accept-encoding": "identity", ...(ranges && rangeHeaders(place)) },
        signal: signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]),
      }),
    );
    const version = versionOf(url, response);
    const same = place.version !== undefined && sameVersion(place.version, version);
    const ranged = response.status === 206;
    if (ranges && (response.status === 416 || (ranged && !(same && startsAt(place, response))))) {
      close();
      return await connect(url, place, idleTimeout, signal, false);
    }
    refuse(url, response);
    const reader = response.body?.getReader();
    if (reader === undefined) throw new UserError(`${url} is empty: expected drawings, one a line`);
    const first = await within(idleTimeout, reader.read());
    if (!ranged) requireDrawings(url, first.value);
    const position = ranged || same ? place.position : 0;
    const chunks = chunksOf(reader, first, ranged ? 0 : position, idleTimeout);
    return { version, position, chunks, close };
  } catch (error) {
    close();
    throw error;
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 10;

/** Fetches, going on where the server says; not by fetch itself, which reports a loop as it does a lost connection. */
async function follow(url: string, request: RequestInit): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(at, { ...request, redirect: "manual" });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, at) ? new URL(location, at).href : location;
    at = requireAddress(next, `${url} leads elsewhere: `).href;
  }
  throw new UserError(`${url}: the server leads from address to address without end; check the address`);
}

/** The promise's value, unless it takes longer than `milliseconds`. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no data for ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function rangeHeaders({ position, version }: Place): Record<string, string> {
  if (position === 0) return {};
  const strongTag = version?.etag?.startsWith("W/") ? undefined : version?.etag;
  const condition = strongTag ?? version?.lastModified;
  return { range: `bytes=${position}-`, ...(condition === undefined ? {} : { "if-range": condition }) };
}

const CONTENT_RANGE = /^bytes (\d+)-\d+\/(\d+|\*)$/;

function versionOf(url: string, { status, headers }: Response): Version {
  const encoded = headers.has("content-encoding");
  const [, , total] = CONTENT_RANGE.exec(headers.get("content-range") ?? "") ?? [];
  const length = status === 206 ? total : headers.get("content-length");
  return {
    url,
    etag: headers.get("etag") ?? undefined,
    lastModified: headers.get("last-modified") ?? undefined,
    totalBytes: encoded || !/^\d+$/.test(length ?? "") ? undefined : Number(length),
  };
}

/** Whether something that both know agrees and nothing disagrees. */
function sameVersion(a: Version, b: Version): boolean {
  const both = (["etag", "lastModified", "totalBytes"] as const).filter(
    (key) => a[key] !== undefined && b[key] !== undefined,
  );
  return both.length > 0 && both.every((key) => a[key] === b[key]);
}

/** Whether a partial answer continues the file's own bytes, not those of an encoding, at `position`. */
function startsAt({ position }: Place, { headers }: Response): boolean {
  const [, begin] = CONTENT_RANGE.exec(headers.get("content-range") ?? "") ?? [];
  return !headers.has("content-encoding") && begin === String(position);
}

function refuse(url: string, { ok, status, statusText }: Response): void {
  if (ok) return;
  if (status === 404 || status === 410) throw new NotFound(`${url}: there is no such file on the server`);
  const answer = `the server answered ${status} ${statusText}`.trim();
  if (status >= 500 || status === 408 || status === 429) throw new Error(answer);
  throw new UserError(`${url}: ${answer}; check the address and that it may be read by anyone`);
}

/** Refuses what a captive portal or a mistaken address sends: drawings begin with "{", or are packed by gzip. */
function requireDrawings(url: string, first: Uint8Array | undefined): void {
  if (first === undefined) throw new UserError(`${url} is empty: expected drawings, one a line`);
  const text = new TextDecoder().decode(first.subarray(0, 64)).trimStart();
  const gzipped = first[0] === 0x1f && first[1] === 0x8b;
  if (text !== "" && !text.startsWith("{") && !gzipped)
    throw new UserError(
      `${url} holds no drawings: expected ndjson, found ${JSON.stringify(text.slice(0, 40))}; check the address`,
    );
}

async function* chunksOf(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  first: ReadableStreamReadResult<Uint8Array>,
  skip: number,
  idleTimeout: number,
): AsyncGenerator<Uint8Array> {
  let left = skip;
  for (let next = first; !next.done; next = await within(idleTimeout, reader.read())) {
    const dropped = Math.min(left, next.value.length);
    left -= dropped;
    if (dropped < next.value.length) yield next.value.subarray(dropped);
  }
}
