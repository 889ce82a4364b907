import { nearest } from "../base/nearest.ts";
import { settingsOf } from "../base/settings.ts";
import { classifierTrainingSchema } from "../classifier/settings.ts";
import { families } from "../families/registry.ts";
import { variableOf } from "./options.ts";

const PREFIX = "CIZGI_";

/** What is read beside the keys of configurations. */
const OTHERS = ["BUCKET", "DOWNLOAD_LIMIT", "MODEL_LIMIT", "POINT_LIMIT", "SKIP_LIMIT"];

const schemas = [...Object.values(families).map(({ runSchema }) => runSchema), classifierTrainingSchema];
const known: readonly string[] = [
  ...OTHERS,
  ...schemas.flatMap(settingsOf).map(({ name }) => variableOf(name).slice(PREFIX.length)),
];

/** A sentence for each variable that is called like a setting, and is none. */
export const unknownVariables = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)))
    .map((name) => {
      const meant = nearest(name.slice(PREFIX.length), known);
      return `${name} is no setting, nothing reads it.${meant === undefined ? "" : ` Did you mean ${PREFIX}${meant}?`}`;
    });
