/** What older versions call settings, by the names of now. */
const RENAMED: Readonly<Record<string, string | undefined>> = {
  beginnings: "prefixConditioning",
  mostGuidance: "maxGuidance",
  testSize: "heldOutSize",
};

/** The same settings under the names of now. */
export const renamed = (settings: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [RENAMED[key] ?? key, value]));
