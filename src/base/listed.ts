// The ten categories of families are a few.
const MOST = 10;
const SHOWN = 3;

/** Names for a sentence: all of a few, of many the first and how many more there are. */
export const listed = (names: readonly string[]): string =>
  names.length > MOST
    ? `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`
    : names.join(", ");
