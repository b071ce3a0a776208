// Keys for simulation and tests: the real shapes without a master key. Row keys are random and kept as they are,
// fields are only bound to their place; nothing that must stay secret belongs into a memory store.

import { createHmac, randomBytes } from "node:crypto";
import type { Keys } from "../store/keys.ts";

const keyId = "plain";

/** Keys that protect nothing. Commitments are real HMAC-SHA-256. */
export function plainKeys(): Keys {
  return {
    newRowKey: () => {
      const rowKey = randomBytes(32);
      return { rowKey, wrapped: rowKey, keyId };
    },
    unwrap: (wrapped) => wrapped,
    commit: (rowKey, text) => createHmac("sha256", rowKey).update(text).digest("hex"),
    encryptField: (_rowKey, table, column, rowId, text) =>
      Buffer.from(JSON.stringify([table, column, rowId, text])),
    decryptField: (_rowKey, table, column, rowId, sealed) => {
      const place = JSON.parse(Buffer.from(sealed).toString("utf8")) as readonly string[];
      if (place[0] === table && place[1] === column && place[2] === rowId) return place[3]!;
      throw new Error(`Cannot decrypt ${table}.${column}: it belongs to another row`);
    },
    blindIndex: (field, text) => createHmac("sha256", field).update(text).digest(),
    keyId,
  };
}
