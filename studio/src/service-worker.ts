// Gives the page to a browser that is offline, and to hosts that set no headers the two that WASM's threads need.

import { CACHE } from "./engine/download.ts";

/** What the page consists of, and what each file is to be (as in Subresource Integrity); vite.config.ts writes it in. */
declare const __FILES__: Readonly<Record<string, string>>;

interface Lifetime extends Event {
  waitUntil(end: Promise<unknown>): void;
}
interface Fetching extends Lifetime {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
const worker = self as unknown as EventTarget & {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
};

const urlOf = (file: string): string => new URL(file, self.location.href).href;
/** The engine downloads weights and WebAssembly itself, those that it needs; few read about families. */
const isLarge = (file: string): boolean => /\.(wasm|safetensors)$/.test(file) || file.startsWith("families/");

worker.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    // The page itself is asked for anew, and hosts may add to it.
    await cache.add(urlOf("./"));
    const files = Object.entries(__FILES__).filter(([file]) => !isLarge(file));
    await Promise.all(files.map(([file, integrity]) => keepWhole(cache, urlOf(file), integrity)));
    await worker.skipWaiting();
  };
  (event as Lifetime).waitUntil(keep());
});

/** Keeps a file that is what it should be; else nothing is installed, and the next visit tries again. */
async function keepWhole(cache: Cache, url: string, integrity: string): Promise<void> {
  const response = await fetch(url, { integrity, cache: "no-store" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  await cache.put(url, response);
}

worker.addEventListener("activate", (event) => {
  const tidy = async () => {
    const cache = await caches.open(CACHE);
    const wanted = new Set(["./", ...Object.keys(__FILES__)].map(urlOf));
    for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
    await worker.clients.claim();
  };
  (event as Lifetime).waitUntil(tidy());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event as Fetching;
  if (request.method !== "GET" || !request.url.startsWith(urlOf("./"))) return;
  (event as Fetching).respondWith(answer(request));
});

/** The page itself is asked for anew, since its name stays when its content changes; all else has its content's name. */
async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  if (request.mode !== "navigate") return isolated((await cache.match(request)) ?? (await fetch(request)));
  const kept = () => cache.match(urlOf("./"));
  const fresh = await fetch(request).catch(async (error) => {
    const page = await kept();
    if (page) return page;
    throw error;
  });
  // A host in trouble is as good as none.
  return isolated(fresh.status >= 500 ? ((await kept()) ?? fresh) : fresh);
}

function isolated(response: Response): Response {
  // Where to go instead: the browser follows by itself, and has no use for a body.
  if (response.type === "opaqueredirect") return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}
