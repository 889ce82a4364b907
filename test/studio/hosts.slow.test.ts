import type { Page } from "playwright-core";
import { expect } from "vitest";
import { visiting } from "./visit.ts";

const it = visiting("tiny");

const underTheServiceWorker = (page: Page) =>
  page.waitForFunction("navigator.serviceWorker.controller !== null");

it("follows a host that sends its page elsewhere, with the service worker too", async ({
  page,
  server,
  drawn,
}) => {
  server.redirect = /\/index\.html$/;
  await page.goto(`${server.url}/studio/index.html?device=wasm#draw?count=1`);
  await drawn(1);
  await underTheServiceWorker(page);
  const answer = await page.goto(`${server.url}/studio/index.html?device=wasm&again#draw?count=1`);
  expect(answer?.fromServiceWorker()).toBe(true);
  await drawn(1);
  expect(new URL(page.url()).pathname).toBe("/studio/");
});

it("shows the page that it keeps while its host is in trouble", async ({ page, server, open, drawn }) => {
  await open("#draw?count=1", "?device=wasm");
  await drawn(1);
  await underTheServiceWorker(page);
  server.trouble = /./;
  const answer = await page.reload();
  expect(answer?.status()).toBe(200);
  await drawn(1);
});
