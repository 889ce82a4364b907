/** Deep enough for everything that people write; what is nested deeper takes the stack of those who walk through it. */
const DEEPEST = 100;

/** The most brackets of a JSON text that are open at once, those in strings left out. */
export function nestingOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const letter = json.charCodeAt(i);
    if (letter === 0x22) quoted = !quoted;
    else if (quoted) {
      if (letter === 0x5c) i++;
    } else if (letter === 0x5b || letter === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (letter === 0x5d || letter === 0x7d) depth--;
  }
  return deepest;
}

/**
 * JSON from outside.
 * @throws SyntaxError for what is not JSON, or nested more than 100 deep.
 */
export function parseJson(text: string): unknown {
  if (nestingOf(text) > DEEPEST) throw new SyntaxError(`nested more than ${DEEPEST} deep`);
  return JSON.parse(text);
}
