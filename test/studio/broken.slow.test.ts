import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

/** Weights one of which is no number. */
function withNaN(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.fill(0xff, changed.length - 4);
  return changed;
}

it("draws where the browser keeps nothing and gives no clipboard", async ({ page, open, drawn, button }) => {
  await page.addInitScript({
    content: `
      Object.defineProperty(globalThis, "localStorage", {
        get() { throw new DOMException("denied", "SecurityError"); },
      });
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new DOMException("denied", "NotAllowedError")) },
      });`,
  });
  await open("#draw?category=snail&count=1&seed=3", "?device=wasm");
  await drawn(1);
  await button("Türkçe").click();
  expect(await page.title()).toContain("bir makinenin");
  let told = "";
  page.once("dialog", (dialog) => {
    told = dialog.defaultValue();
    return dialog.dismiss();
  });
  await page.getByRole("button", { name: "Bağlantı" }).click();
  expect(told).toBe(page.url());
});

it("says that the model could not be downloaded, and tries again", async ({
  page,
  server,
  open,
  drawn,
  button,
}) => {
  server.refuse = /safetensors$/;
  await open("#draw?count=1");
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.textContent()).toContain("A file could not be downloaded");
  server.refuse = undefined;
  await button("Try again").click();
  await drawn(1);
});

it.for<[string, RegExp, (bytes: Buffer) => Buffer]>([
  [
    "a page in the place of weights",
    /safetensors$/,
    () => Buffer.from("<!doctype html><title>Sign in</title>"),
  ],
  ["WebAssembly that was cut off", /wasm$/, (bytes) => bytes.subarray(0, bytes.length / 2)],
  ["a number that is none among the weights", /safetensors$/, withNaN],
])(
  "says that %s arrived damaged, and gets it anew",
  async ([_, path, content], { page, server, open, drawn, button }) => {
    server.change = { path, content };
    await open("#draw?count=1", "?device=wasm");
    await page.getByRole("alert").filter({ hasText: "A file arrived damaged." }).waitFor();
    // Another visit is no better off, and keeps nothing of it.
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "A file arrived damaged." }).waitFor();
    server.change = undefined;
    await button("Try again").click();
    await drawn(1);
  },
);

it("throws out what its cache has of another content", async ({ page, open, drawn }) => {
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  await page.evaluate(`caches.open("cizgi").then(async (cache) => {
    for (const { url } of await cache.keys())
      if (/(wasm|safetensors)$/.test(url)) await cache.put(url, new Response("nonsense"));
  })`);
  await page.reload();
  await drawn(1);
});

it("gives a download up that hangs, and says which", async ({ page, server, open }) => {
  server.hang = /safetensors$/;
  // A clock that goes four times as fast.
  const fast =
    "const { setTimeout: later } = globalThis; globalThis.setTimeout = (run, ms) => later(run, ms / 4);";
  server.change = { path: /worker-.*\.js$/, content: (script) => Buffer.from(`${fast}\n${script}`) };
  await open("#draw?count=1", "?device=wasm");
  const alert = page.getByRole("alert").filter({ hasText: "A file could not be downloaded." });
  await alert.waitFor({ timeout: 60_000 });
  expect(await alert.textContent()).toMatch(/model-\S+\.safetensors: nothing came for 20 s/);
});

it("says that its own script never came", async ({ page, server, open, drawn, button }) => {
  server.refuse = /worker-.*\.js$/;
  await open("#draw?count=1", "?device=wasm");
  await page.getByRole("alert").filter({ hasText: "A file could not be downloaded." }).waitFor();
  server.refuse = undefined;
  await button("Try again").click();
  await drawn(1);
});

it("says that its host forbids WebAssembly", async ({ page, server, open }) => {
  server.policy = "default-src 'self'";
  await open("#draw?count=1", "?device=wasm");
  await page.getByRole("alert").filter({ hasText: "The host of this page forbids WebAssembly" }).waitFor();
});

it("says that nothing here can compute", async ({ page, open }) => {
  await page.route(/worker-.*\.js$/, async (route) => {
    const script = await (await route.fetch()).text();
    await route.fulfill({
      contentType: "text/javascript",
      body: `WebAssembly.instantiate = () => Promise.reject(new Error("no memory"));\n${script}`,
    });
  });
  await open("#draw?count=1", "?device=wasm");
  await page.getByRole("alert").filter({ hasText: "neither with WebGPU nor with WebAssembly" }).waitFor();
});

it("draws without a network after the first visit, and with more threads where it may, wherever it lies", async ({
  page,
  server,
  drawn,
}) => {
  await page.goto(`${server.url}/studio/index.html#draw?count=1`);
  await drawn(1);
  await page.evaluate("navigator.serviceWorker.ready");
  server.refuse = /./;
  await page.reload();
  await drawn(1);
  expect(await page.evaluate("crossOriginIsolated")).toBe(true);
});
