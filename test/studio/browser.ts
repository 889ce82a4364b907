import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Linux distributions put Chromium. */
export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);

if (CHROMIUM === undefined) console.warn("skipped: the studio in a browser (no Chromium in /usr/bin)");

/** A graphics processor in software: slow, but the same interface. */
export const SOFTWARE_WEBGPU = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

export const openBrowser = (flags: readonly string[] = ["--disable-gpu"]): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM ?? "",
    // Root has no sandbox; the rest asks for hosts that are not there.
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", ...flags],
  });
