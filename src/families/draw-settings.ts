import { UserError } from "../base/errors.ts";
import { listed } from "../base/listed.ts";
import type { AnyModelConfig } from "./family.ts";
import { familyOf } from "./registry.ts";
import { type DrawSettings, drawKeys } from "./request.ts";

const drawNames = Object.keys(drawKeys) as (keyof DrawSettings)[];

/**
 * How a model draws: as it is told, else in its own way.
 * @throws UserError for settings that its family has not, and for what it cannot do.
 */
export function drawSettingsOf(
  config: AnyModelConfig,
  told: { readonly [Name in keyof DrawSettings]?: DrawSettings[Name] | undefined },
): Partial<DrawSettings> {
  const family = familyOf(config);
  const given = Object.fromEntries(
    drawNames.filter((name) => told[name] !== undefined).map((name) => [name, told[name]]),
  );
  for (const [name, value] of Object.entries(given))
    if (!Object.hasOwn(family.drawKeys, name))
      throw new UserError(
        `${name} ${value}: models of the family ${family.name} have no ${name}, but ${listed(Object.keys(family.drawKeys))}; leave it out.`,
        { code: "no-such-setting" },
      );
  return family.drawSettings(config, given);
}

/** Settings of drawing in words, such as "16 steps of dpm, guidance 2, eta 0". */
export function inWords({ steps, sampler, ...others }: Partial<DrawSettings>): string {
  const walk = steps === undefined ? [] : [`${steps} steps${sampler === undefined ? "" : ` of ${sampler}`}`];
  return [...walk, ...Object.entries(others).map(([name, value]) => `${name} ${value}`)].join(", ");
}
