/** Also read by the service worker, which throws out what the newest page no longer consists of. */
export const CACHE = "cizgi";

/** A file that could not be had: the network's doing, so that trying again may help. */
export class DownloadError extends Error {}

/**
 * A file of the page, from the cache where it is there, else downloaded and kept. Its name changes with its content.
 * @param onProgress is told the bytes so far and all of them, as far as the server says how many.
 */
export async function download(
  url: string,
  onProgress: (received: number, total: number) => void,
): Promise<ArrayBuffer> {
  // Browsers have no cache for pages that come over plain HTTP from elsewhere.
  const cache = await opened();
  const kept = await cache?.match(url);
  if (kept) return kept.arrayBuffer();
  const whole = await fetched(url, onProgress).catch((error) => {
    throw new DownloadError(`${url}: ${error.message}`, { cause: error });
  });
  // A full disk is no reason not to draw.
  await cache?.put(url, new Response(whole)).catch(() => undefined);
  return whole.arrayBuffer();
}

/** Throws a file out that turned out to be damaged, so that the next try gets it anew. */
export async function forget(url: string): Promise<void> {
  await (await opened())?.delete(url);
}

/** None where the browser has none, or lets none be had. */
const opened = async (): Promise<Cache | undefined> =>
  "caches" in globalThis ? caches.open(CACHE).catch(() => undefined) : undefined;

async function fetched(url: string, onProgress: (received: number, total: number) => void): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${response.statusText}`);
  const total = Number(response.headers.get("Content-Length"));
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, Math.max(total, received));
  }
  return new Blob(chunks, { type: response.headers.get("Content-Type") ?? "" });
}
