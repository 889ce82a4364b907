/** Little-endian, of `bytes` bytes. */
const unsigned = (value: number, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);

const text = (value: string): number[] => [...Buffer.from(value, "latin1")];

type Code = number | string | readonly Code[];

/** Bytes of a pickle from its parts: operations as numbers, texts as their letters. */
export const pickle = (...parts: Code[]): Uint8Array => {
  const flat = (part: Code): number[] =>
    typeof part === "number" ? [part] : typeof part === "string" ? text(part) : part.flatMap(flat);
  return Uint8Array.from(flat(parts));
};

/** SHORT_BINUNICODE. */
export const word = (value: string): Code => [0x8c, value.length, value];

/** A .npy file of that header and body. */
export function npy(header: string, body: Uint8Array): Uint8Array {
  return Uint8Array.from([
    0x93,
    ...text("NUMPY"),
    1,
    0,
    ...unsigned(header.length, 2),
    ...text(header),
    ...body,
  ]);
}

/** The header of a one-dimensional object array. */
export const objects = (count: number): string =>
  `{'descr': '|O', 'fortran_order': False, 'shape': (${count},), }\n`;
