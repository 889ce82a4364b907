import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../base/errors.ts";
import { type Connection, connect, type Place, type Version } from "./connect.ts";
import { isHopeless, networkReason } from "./failure.ts";

export interface Network {
  /** Attempts that may fail one after another, without a new byte, before giving up. */
  readonly retries: number;
  /** Milliseconds before the first new attempt; doubled for each further one. */
  readonly backoff: number;
  /** Milliseconds without data after which a connection counts as lost. */
  readonly idleTimeout: number;
  /** Of a file; a larger one is refused. */
  readonly mostBytes: number;
}

/** Where a download begins: comes before its bytes. */
export interface Start {
  readonly version: Version;
  /** The asked position, or 0 when the server's file is not the version to be continued. */
  readonly position: number;
}

/**
 * The bytes of `url` from a place on: one `Start`, then chunks. A connection that is cut, idle or meets a
 * failure of the server is made again where it stopped.
 * @throws UserError when the server refuses, sends something else than drawings, changes the file meanwhile, or
 *   when `retries` new attempts bring nothing; the signal's reason when it aborts.
 */
export async function* download(
  url: string,
  from: Place,
  network: Network,
  signal?: AbortSignal,
): AsyncGenerator<Start | Uint8Array> {
  let { position, version } = from;
  let started = false;
  let failures = 0;
  for (;;) {
    let connection: Connection | undefined;
    try {
      connection = await connect(url, { position, version }, network.idleTimeout, signal);
      if (started && connection.position !== position) throw changedMeanwhile(url);
      ({ position, version } = connection);
      if (!started) yield { position, version };
      started = true;
      for await (const chunk of connection.chunks) {
        position += chunk.length;
        failures = 0;
        yield chunk;
      }
      if (position === (version.totalBytes ?? position)) return;
      throw new Error("the connection ended before the file did");
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UserError) throw error;
      if (failures === network.retries || isHopeless(error)) throw gaveUp(url, { position, version }, error);
      await sleep(network.backoff * 2 ** failures, undefined, signal && { signal }).catch(() => {});
      failures++;
    } finally {
      connection?.close();
    }
  }
}

/** For a file that is another one than what was read of it so far. */
export const changedMeanwhile = (url: string): UserError =>
  new UserError(
    `${url} cannot be read on: the server has another file now, or says too little of it to be sure; run again`,
  );

function gaveUp(url: string, { position, version }: Place, error: unknown): UserError {
  const reason = networkReason(error);
  const total = version?.totalBytes === undefined ? "" : ` of ${version.totalBytes}`;
  const text =
    position === 0
      ? `${url} cannot be read (${reason}); check the address and the connection`
      : `${url}: gave up after byte ${position}${total} (${reason}); check the connection and run again to go on from there`;
  return new UserError(text, { cause: error });
}
