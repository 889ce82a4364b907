import { nearest } from "../base/nearest.ts";
import { classifierTrainingSchema } from "../config/classifier.ts";
import { trainingSchema } from "../config/training.ts";
import { variableOf } from "./options.ts";

const PREFIX = "CIZGI_";

/** What is read beside the keys of configurations. */
const OTHERS = ["BUCKET", "DOWNLOAD_LIMIT", "MODEL_LIMIT", "POINT_LIMIT", "SKIP_LIMIT"];

const known: readonly string[] = [
  ...OTHERS,
  ...[trainingSchema, classifierTrainingSchema].flatMap(({ shape }) =>
    Object.keys(shape).map((key) => variableOf(key).slice(PREFIX.length)),
  ),
];

/** A sentence for each variable that is called like a setting, and is none. */
export const unknownVariables = (env: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name.slice(PREFIX.length)))
    .map((name) => {
      const meant = nearest(name.slice(PREFIX.length), known);
      return `${name} is no setting, nothing reads it.${meant === undefined ? "" : ` Did you mean ${PREFIX}${meant}?`}`;
    });
