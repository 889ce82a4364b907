/** Also read by the service worker, which throws out what the newest page no longer consists of. */
export const CACHE = "cizgi";

/** Milliseconds without a byte after which a download is given up. */
const QUIET = 20_000;

/** A file that could not be had: the network's doing, so that trying again may help. */
export class DownloadError extends Error {}

/** A file that arrived, and is not what it should be. */
export class DamageError extends Error {}

/**
 * A file of the page, from the cache where it is there and whole, else downloaded and kept. Its name changes with its
 * content.
 * @param onProgress is told the bytes so far.
 * @throws DownloadError, or DamageError for a file of another content, which is not kept.
 */
export async function download(
  file: FetchedFile,
  onProgress: (received: number) => void,
): Promise<ArrayBuffer> {
  const { url, bytes } = file;
  // Browsers have no cache for pages that come over plain HTTP from elsewhere.
  const cache = await opened();
  const kept = await cache?.match(url);
  if (kept) {
    const content = await kept.arrayBuffer();
    onProgress(bytes);
    if (await isWhole(content, file)) return content;
    await cache?.delete(url);
  }
  const response = await fetched(url, onProgress).catch((error) => {
    throw new DownloadError(`${url}: ${error.message}`, { cause: error });
  });
  const content = await response.arrayBuffer();
  if (!(await isWhole(content, file)))
    throw new DamageError(
      `${url}: expected ${bytes} bytes of a certain content, found ${content.byteLength === bytes ? "another one" : content.byteLength}`,
    );
  // A full disk is no reason not to draw.
  await cache?.put(url, new Response(response)).catch(() => undefined);
  return content;
}

/** Whether a content is that of a file; by its size alone where the browser computes no hash. */
async function isWhole(content: ArrayBuffer, { bytes, sha256 }: FetchedFile): Promise<boolean> {
  if (content.byteLength !== bytes) return false;
  // Browsers have none for pages that come over plain HTTP from elsewhere.
  if (globalThis.crypto.subtle === undefined) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/** None where the browser has none, or lets none be had. */
const opened = async (): Promise<Cache | undefined> =>
  "caches" in globalThis ? caches.open(CACHE).catch(() => undefined) : undefined;

async function fetched(url: string, onProgress: (received: number) => void): Promise<Blob> {
  const stop = new AbortController();
  const giveUp = () => stop.abort(new Error(`nothing came for ${QUIET / 1000} s`));
  let quiet = setTimeout(giveUp, QUIET);
  try {
    // The cache of this page is the only one, so that nothing damaged comes from another.
    const response = await fetch(url, { signal: stop.signal, cache: "no-store" });
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`);
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(quiet);
      quiet = setTimeout(giveUp, QUIET);
      chunks.push(value);
      received += value.length;
      onProgress(received);
    }
    return new Blob(chunks, { type: response.headers.get("Content-Type") ?? "" });
  } finally {
    clearTimeout(quiet);
  }
}
