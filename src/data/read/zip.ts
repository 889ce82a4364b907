import { inflateSync } from "fflate";
import { messageOf, UserError } from "../../base/errors.ts";

/** What a zip file's directory says of one member. PKWARE APPNOTE 6.3.10, 4.3.12. */
export interface ZipMember {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly crc: number;
  /** Of its local header, in bytes from the start of the file. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const MEMBER_SIGNATURE = 0x02014b50;
const MEMBER_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** Stands for a number that only the 64-bit extension can hold. */
const IN_ZIP64 = 0xffffffff;
const LARGEST_MEMBER = 2 ** 30;
/** Deflate packs at most 258 bytes in 2 bits. */
const BEST_RATIO = 1032;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * The members of a zip file, from the directory at its end.
 * @param name the file's name, for errors.
 * @throws UserError when it is no zip file, is cut off or is above 4 GiB.
 */
export function zipMembers(bytes: Uint8Array, name: string): ZipMember[] {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: not a usable zip file: ${problem}`);
  };
  const view = viewOf(bytes);
  if (bytes.length < 4 || view.getUint16(0, true) !== 0x4b50) return fail("it does not begin as one (PK)");
  let end = bytes.length - END_BYTES;
  const firstEnd = Math.max(0, end - LONGEST_COMMENT);
  while (end >= firstEnd && view.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < firstEnd) return fail("its directory is missing; it was cut off, download it again");

  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const members: ZipMember[] = [];
  for (let i = 0; i < count; i++) {
    if (at + MEMBER_BYTES > end || view.getUint32(at, true) !== MEMBER_SIGNATURE)
      return fail(`its directory is damaged at member ${i + 1} of ${count}`);
    const nameLength = view.getUint16(at + 28, true);
    const member: ZipMember = {
      name: new TextDecoder().decode(bytes.subarray(at + MEMBER_BYTES, at + MEMBER_BYTES + nameLength)),
      size: view.getUint32(at + 24, true),
      packedSize: view.getUint32(at + 20, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      offset: view.getUint32(at + 42, true),
    };
    if ([member.size, member.packedSize, member.offset].includes(IN_ZIP64))
      return fail(`"${member.name}" needs the 64-bit extension of the format, which is not read`);
    members.push(member);
    at += MEMBER_BYTES + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/**
 * Unpacks one member of a zip file and checks its length and CRC-32.
 * @param name the file's name, for errors.
 * @throws UserError when the member is damaged, encrypted, above 1 GiB or packed by a method other than deflate.
 */
export function unzip(
  bytes: Uint8Array,
  { name: memberName, ...member }: ZipMember,
  name: string,
): Uint8Array {
  const fail = (problem: string): never => {
    throw new UserError(`${name}: cannot unpack "${memberName}": ${problem}`);
  };
  const { size, packedSize, method, offset } = member;
  if (size > LARGEST_MEMBER) return fail(`it has ${size} bytes, at most ${LARGEST_MEMBER} are read`);
  if (size > packedSize * BEST_RATIO) return fail(`${size} bytes cannot have been packed in ${packedSize}`);
  const view = viewOf(bytes);
  if (offset + LOCAL_BYTES > bytes.length || view.getUint32(offset, true) !== LOCAL_SIGNATURE)
    return fail(`nothing begins at byte ${offset}, where it should be; download the file again`);
  if (view.getUint16(offset + 6, true) & 1) return fail("it is encrypted");
  const begin = offset + LOCAL_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const packed = bytes.subarray(begin, begin + packedSize);
  if (method !== STORED && method !== DEFLATED)
    return fail(`packed by method ${method}, only deflate is read`);
  let data = packed;
  if (method === DEFLATED) {
    try {
      data = inflateSync(packed, { out: new Uint8Array(size) });
    } catch (error) {
      return fail(`its data is damaged (${messageOf(error)}); download the file again`);
    }
  }
  if (data.length !== size || crc32(data) !== member.crc)
    return fail("its data is damaged (wrong length or checksum); download the file again");
  return data;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** ISO 3309, as zip, gzip and PNG use it. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (CRC_TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
