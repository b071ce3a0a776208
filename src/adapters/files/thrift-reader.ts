// Thrift's compact protocol (THRIFT-110) as Parquet uses it, read so that no bytes can make it allocate or recurse beyond
// what they pay for: a list is never longer than the bytes left, structs nest 16 deep at most. Parquet's own reader
// trusts such figures, so everything it gets passes here first.

/** A struct: field number → value. Containers of other kinds do not occur in Parquet. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;
export type ThriftValue =
  | boolean
  | number
  | bigint
  | Uint8Array
  | readonly ThriftValue[]
  | ThriftStruct;

/** The bytes are no such struct. */
export class ThriftError extends Error {}

const deepest = 16;
const mostValues = 4_000_000;

/** The struct at `offset` and where it ends. Throws a ThriftError. */
export function readThrift(
  bytes: Uint8Array,
  offset: number,
): Readonly<{ value: ThriftStruct; end: number }> {
  const reader: Reader = { bytes, at: offset, values: 0 };
  const value = readStruct(reader, 0);
  return { value, end: reader.at };
}

type Reader = { readonly bytes: Uint8Array; at: number; values: number };

function readStruct(reader: Reader, depth: number): ThriftStruct {
  if (depth > deepest) throw new ThriftError("Cannot read struct: it nests too deep");
  const fields = new Map<number, ThriftValue>();
  let field = 0;
  for (;;) {
    const head = byte(reader);
    if (head === 0) return fields;
    const step = head >> 4;
    field = step === 0 ? Number(zigzag(reader)) : field + step;
    fields.set(field, readValue(reader, head & 15, depth));
  }
}

function readValue(reader: Reader, kind: number, depth: number): ThriftValue {
  reader.values += 1;
  if (reader.values > mostValues) throw new ThriftError("Cannot read struct: too many values");
  switch (kind) {
    case 1:
    case 2:
      return kind === 1;
    case 3:
      return (byte(reader) << 24) >> 24;
    case 4:
    case 5:
      return Number(zigzag(reader));
    case 6:
      return zigzag(reader);
    case 7:
      return new DataView(take(reader, 8).slice().buffer).getFloat64(0, true);
    case 8:
      return take(reader, length(reader));
    case 9:
      return readList(reader, depth);
    case 12:
      return readStruct(reader, depth + 1);
    default:
      throw new ThriftError(`Cannot read value: found kind ${kind}`);
  }
}

function readList(reader: Reader, depth: number): readonly ThriftValue[] {
  const head = byte(reader);
  const kind = head & 15;
  const size = head >> 4 === 15 ? length(reader) : head >> 4;
  // Every element takes at least one byte.
  if (size > reader.bytes.length - reader.at) throw cutOff();
  const values: ThriftValue[] = [];
  for (let index = 0; index < size; index++) {
    values.push(kind <= 2 ? byte(reader) === 1 : readValue(reader, kind, depth + 1));
  }
  return values;
}

function cutOff(): ThriftError {
  return new ThriftError("Cannot read struct: it is cut off");
}

function byte(reader: Reader): number {
  const value = reader.bytes[reader.at];
  if (value === undefined) throw cutOff();
  reader.at += 1;
  return value;
}

function take(reader: Reader, size: number): Uint8Array {
  if (size > reader.bytes.length - reader.at) throw cutOff();
  reader.at += size;
  return reader.bytes.subarray(reader.at - size, reader.at);
}

function varint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const next = byte(reader);
    value |= BigInt(next & 127) << shift;
    if (next < 128) return value;
  }
  throw new ThriftError("Cannot read number: it has no end");
}

function length(reader: Reader): number {
  const value = varint(reader);
  if (value > 0x7fffffffn) throw cutOff();
  return Number(value);
}

function zigzag(reader: Reader): bigint {
  const value = varint(reader);
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}
