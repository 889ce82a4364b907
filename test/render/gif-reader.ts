/** A reader for the GIFs we write, from the format's description (GIF89a): one global palette, no interlacing. */
interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Hundredths of a second. */
  readonly delay: number;
  readonly disposal: number;
  readonly indices: Uint8Array;
}

export interface Gif {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly (readonly number[])[];
  /** 0: for ever. */
  readonly loops: number | undefined;
  readonly frames: readonly GifFrame[];
}

/** Variable-length-code LZW: codes grow from `minimum` + 1 to 12 bits. */
function inflate(data: readonly number[], minimum: number, length: number): Uint8Array {
  const clear = 1 << minimum;
  const pixels: number[] = [];
  let table: number[][] = [];
  let bits = 0;
  let held = 0;
  let size = minimum + 1;
  let previous: number[] | undefined;
  const reset = () => {
    table = Array.from({ length: clear + 2 }, (_, i) => (i < clear ? [i] : []));
    size = minimum + 1;
    previous = undefined;
  };
  reset();
  for (const byte of data) {
    held |= byte << bits;
    bits += 8;
    while (bits >= size) {
      const code = held & ((1 << size) - 1);
      held >>>= size;
      bits -= size;
      if (code === clear) reset();
      else if (code === clear + 1) return checked(pixels, length);
      else {
        const entry = table[code] ?? [...(previous ?? []), (previous ?? [])[0]];
        pixels.push(...entry);
        if (previous !== undefined && table.length < 4096) table.push([...previous, entry[0]]);
        if (table.length === 1 << size && size < 12) size++;
        previous = entry;
      }
    }
  }
  throw new Error("the pixels do not end");
}

function checked(pixels: readonly number[], length: number): Uint8Array {
  if (pixels.length !== length) throw new Error(`expected ${length} pixels, found ${pixels.length}`);
  return Uint8Array.from(pixels);
}

export function readGif(bytes: Uint8Array): Gif {
  let at = 0;
  const byte = () => bytes[at++];
  const word = () => byte() + 256 * byte();
  const blocks = (): number[] => {
    const data: number[] = [];
    for (let length = byte(); length > 0; length = byte()) {
      data.push(...bytes.subarray(at, at + length));
      at += length;
    }
    return data;
  };
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== "GIF89a") throw new Error("not a GIF89a");
  at = 6;
  const width = word();
  const height = word();
  const colours = 2 << (byte() & 7);
  at += 2;
  const palette = Array.from({ length: colours }, () => [byte(), byte(), byte()]);
  const frames: GifFrame[] = [];
  let loops: number | undefined;
  let delay = 0;
  let disposal = 0;
  for (let block = byte(); block !== 0x3b; block = byte()) {
    if (block === 0x21) {
      const label = byte();
      const data = blocks();
      if (label === 0xf9) {
        disposal = data[0] >> 2;
        delay = data[1] + 256 * data[2];
      } else if (label === 0xff) loops = data[12] + 256 * data[13];
    } else if (block === 0x2c) {
      const [left, top, frameWidth, frameHeight] = [word(), word(), word(), word()];
      if (byte() !== 0) throw new Error("a local palette or interlacing");
      const minimum = byte();
      const indices = inflate(blocks(), minimum, frameWidth * frameHeight);
      frames.push({ left, top, width: frameWidth, height: frameHeight, delay, disposal, indices });
    } else throw new Error(`unknown block ${block}`);
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes after the end`);
  return { width, height, palette, loops, frames };
}

/** The picture after `count` frames, every frame laid over those before. */
export function pictureAfter({ width, height, frames }: Gif, count = frames.length): Uint8Array {
  const picture = new Uint8Array(width * height);
  for (const frame of frames.slice(0, count))
    for (let row = 0; row < frame.height; row++)
      picture.set(
        frame.indices.subarray(row * frame.width, (row + 1) * frame.width),
        (frame.top + row) * width + frame.left,
      );
  return picture;
}
