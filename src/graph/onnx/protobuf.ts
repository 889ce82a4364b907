/** A protobuf message being written: fields in the wire format of protocol buffers, version 3. */
export interface Message {
  /** A non-negative or negative integer field (int32, int64, enum). */
  integer(field: number, value: number): Message;
  /** A float field. */
  float(field: number, value: number): Message;
  text(field: number, value: string): Message;
  bytes(field: number, value: Uint8Array): Message;
  message(field: number, value: Message): Message;
  /** The pieces of the encoded message, in order; large byte fields are not copied. */
  readonly pieces: readonly Uint8Array[];
  /** Encoded length in bytes. */
  readonly length: number;
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const utf8 = new TextEncoder();

function varint(value: number): number[] {
  // Negative integers are written as 64-bit two's complement.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

export function message(): Message {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const push = (piece: Uint8Array) => {
    pieces.push(piece);
    length += piece.length;
  };
  const tag = (field: number, type: number) => varint(field * 8 + type);
  const self: Message = {
    integer(field, value) {
      push(Uint8Array.from([...tag(field, VARINT), ...varint(value)]));
      return self;
    },
    float(field, value) {
      push(Uint8Array.from([...tag(field, FIXED32), ...new Uint8Array(Float32Array.of(value).buffer)]));
      return self;
    },
    text: (field, value) => self.bytes(field, utf8.encode(value)),
    bytes(field, value) {
      push(Uint8Array.from([...tag(field, LENGTH_DELIMITED), ...varint(value.length)]));
      push(value);
      return self;
    },
    message(field, value) {
      push(Uint8Array.from([...tag(field, LENGTH_DELIMITED), ...varint(value.length)]));
      for (const piece of value.pieces) push(piece);
      return self;
    },
    pieces,
    get length() {
      return length;
    },
  };
  return self;
}

/** The encoded message as one block of bytes. */
export function encode({ pieces, length }: Message): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
