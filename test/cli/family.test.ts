import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { trainCommand } from "../../src/cli/commands/train.ts";
import { runHere } from "./in-process.ts";

// Beside the U-Net, a family of the same network whose settings have one more.
vi.mock(import("../../src/families/all.ts"), async (original) => {
  const { z } = await import("zod");
  const { denoiserFamily, denoiserSchemas } = await import("../../src/families/denoiser/family.ts");
  const { network } = await import("../../src/families/unet1d/network.ts");
  const { presets } = await import("../../src/families/unet1d/presets.ts");
  const { settings } = await import("../../src/families/unet1d/settings.ts");
  const family = { family: z.literal("winged"), wings: z.int().min(1).describe("wings of the network") };
  const winged = denoiserFamily({
    name: "winged",
    schemas: denoiserSchemas(settings.extend(family)),
    network: network as never,
    presets: {
      quick: { ...presets.quick, network: { ...presets.quick.network, family: "winged" as const, wings: 2 } },
    },
    least: () => ({ numbers: 0, because: "wings" }),
  });
  const others: object = await original();
  return { ...others, winged } as never;
});

const folder = mkdtempSync(join(tmpdir(), "cizgi-family-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const words = process.argv;
afterEach(() => {
  process.argv = words;
});

/** The command as it is when it is called with these words. */
function called(...args: string[]) {
  process.argv = ["node", "cizgi", "train", ...args];
  return trainCommand();
}
const settingsOf = async (...args: string[]) =>
  JSON.parse((await runHere(called(...args), [...args, "--dry-run", "--json"])).stdout);

function file(name: string, value: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
}

describe("a run is of a family", () => {
  test("that a flag, a variable or a file names, the flag first", async () => {
    expect((await settingsOf()).network.family).toBe("unet1d");
    const winged = { family: "winged", wings: 2 };
    expect((await settingsOf("--family", "winged")).network).toMatchObject(winged);
    expect((await settingsOf("--config", file("flat.json", { family: "winged" }))).network).toMatchObject(
      winged,
    );
    const nested = file("nested.json", { network: { family: "winged", wings: 3 } });
    expect((await settingsOf("--config", nested)).network).toMatchObject({ family: "winged", wings: 3 });
    vi.stubEnv("CIZGI_FAMILY", "winged");
    expect((await settingsOf("--wings", "5")).network).toMatchObject({ family: "winged", wings: 5 });
    expect((await settingsOf("--family", "unet1d")).network.family).toBe("unet1d");
  });

  test("whose settings its help shows, and no others", () => {
    expect(called("--family", "winged", "--help").helpInformation()).toContain("--wings <integer>");
    expect(called("--family=winged", "--help").helpInformation()).toContain("CIZGI_WINGS");
    expect(called("--help").helpInformation()).not.toContain("--wings");
  });

  test("and refuses the settings of another", async () => {
    await expect(settingsOf("--wings", "3")).rejects.toThrow(
      "--wings is a setting of the family winged, this run is of unet1d; leave it out.",
    );
    await expect(settingsOf("--config", file("wings.json", { wings: 3 }))).rejects.toThrow(
      'wings.json: unknown key "wings"',
    );
    await expect(settingsOf("--family", "winged", "--preset", "baseline")).rejects.toThrow(
      'the family winged has no preset "baseline", expected one of quick.',
    );
  });

  test("which it keeps when it goes on", async () => {
    file("config.json", await settingsOf("--family", "winged", "--wings", "4"));
    const resume = ["--resume", "--out", folder];
    expect((await settingsOf(...resume)).network).toMatchObject({ family: "winged", wings: 4 });
    await expect(settingsOf(...resume, "--family", "unet1d")).rejects.toThrow(
      `${folder} is a run of the family winged, now it is unet1d; leave --family out, or train anew in another folder.`,
    );
  });
});
