// An exported table as Parquet with typed columns, written row group by row group: at any time memory holds one group.

import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { openCounted } from "./counted-file.ts";
import {
  isoInstant,
  type CellType,
  type ExportColumn,
  type ExportRow,
  type TableWriter,
} from "./export-column.ts";

const groupRows = 50_000;
const groupCharacters = 16 * 1024 * 1024;

/**
 * Opens a Parquet file. Whole numbers are INT32 or INT64, dates DATE, instants TIMESTAMP in microseconds of UTC, JSON and
 * ids are strings, bytes are binary.
 */
export async function openParquetTable(
  path: string,
  columns: readonly ExportColumn[],
): Promise<TableWriter> {
  const file = await openCounted(path);
  const buffer = new ByteWriter();
  const flush = async (): Promise<void> => {
    await file.write(new Uint8Array(buffer.buffer, 0, buffer.index));
    buffer.index = 0;
  };
  const parquet = new ParquetWriter({
    writer: Object.assign(buffer, { flush, finish: flush }),
    schema: schemaOf(columns),
    createdBy: "tidemark",
  });
  const group = { rows: [] as ExportRow[], characters: 0, written: 0 };
  const store = async (): Promise<void> => {
    const { rows } = group;
    if (rows.length === 0) return;
    const columnData = columns.map(({ name, type }, at) => ({
      name,
      data: rows.map((row) => valueOf(type, row[at] ?? null)),
    }));
    group.written += rows.length;
    group.rows = [];
    group.characters = 0;
    await parquet.write({ columnData, rowGroupSize: rows.length });
  };
  return {
    write: async (rows) => {
      for (const row of rows) {
        group.rows.push(row);
        for (const field of row) group.characters += field?.length ?? 0;
        const full = group.rows.length >= groupRows || group.characters >= groupCharacters;
        if (full) await store();
      }
    },
    end: async () => {
      await store();
      await parquet.finish();
      return { rows: group.written, ...(await file.end()) };
    },
    drop: file.drop,
  };
}

const elements: Readonly<Record<CellType, Omit<SchemaElement, "name">>> = {
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  boolean: { type: "BOOLEAN" },
  date: { type: "INT32", converted_type: "DATE" },
  instant: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  json: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  bytes: { type: "BYTE_ARRAY" },
};

function schemaOf(columns: readonly ExportColumn[]): SchemaElement[] {
  return [
    { name: "root", num_children: columns.length },
    ...columns.map(({ name, type }) => ({
      ...{ name, repetition_type: "OPTIONAL" as const },
      ...elements[type],
    })),
  ];
}

const millisecondsPerDay = 86_400_000;

function valueOf(type: CellType, field: string | null): unknown {
  if (field === null) return null;
  switch (type) {
    case "int32":
      return Number(field);
    case "int64":
      return BigInt(field);
    case "boolean":
      return field === "t";
    case "date":
      return Date.parse(`${field}T00:00:00Z`) / millisecondsPerDay;
    case "instant":
      return microseconds(field);
    case "bytes":
      return new Uint8Array(Buffer.from(field.slice(2), "hex"));
    case "text":
    case "json":
      return field;
  }
}

/** Microseconds since 1970: seconds by the calendar, the rest by hand. "infinity" has no place in Parquet: no value. */
function microseconds(field: string): bigint | null {
  if (field.endsWith("infinity")) return null;
  const iso = isoInstant(field);
  const fraction = (/\.(\d+)Z$/.exec(iso)?.[1] ?? "").padEnd(6, "0");
  const seconds = Date.parse(iso.replace(/\.\d+Z$/, "Z")) / 1_000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction);
}
