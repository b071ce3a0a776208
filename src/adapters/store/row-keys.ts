// The row keys that one transaction uses: those of loaded customers, unwrapped when first needed, and new ones
// for customers that this transaction adds. An erased customer has no key, and nothing can be committed to it.

import type { Id } from "../../domain/id.ts";
import { Fault } from "../fault.ts";
import type { Keys, WrappedKey } from "./keys.ts";

/** Where a text is kept: it opens nowhere else. */
export type SealedPlace = Readonly<{ table: string; column: string; rowId: Id }>;

/** The place of one field of a customer's personal data. */
export function identityPlace(customerId: Id, field: string): SealedPlace {
  return { table: "customer_identity", column: field, rowId: customerId };
}

export type RowKeys = Readonly<{
  /** what the store holds for a customer; null: the key was destroyed */
  remember: (customerId: Id, stored: WrappedKey | null) => void;
  /** commitment under the customer's key, or "erased"; a customer not yet known gets a new key */
  commit: (customerId: Id, text: string) => string;
  /** a text encrypted for its place under the customer's key; throws a fault when the key was destroyed */
  encrypt: (customerId: Id, place: SealedPlace, text: string) => Uint8Array;
  /** the key to store with a new customer */
  keyOfNew: (customerId: Id) => WrappedKey;
  /** customers that got a new key here */
  fresh: () => readonly Id[];
}>;

/** Row keys of one transaction. */
export function rowKeysOver(keys: Keys): RowKeys {
  const stored = new Map<Id, WrappedKey | null>();
  const opened = new Map<Id, Uint8Array>();
  const fresh = new Map<Id, WrappedKey>();

  function makeKey(customerId: Id): WrappedKey {
    const { rowKey, wrapped, keyId } = keys.newRowKey();
    const made = { wrapped, keyId };
    fresh.set(customerId, made);
    stored.set(customerId, made);
    opened.set(customerId, rowKey);
    return made;
  }
  function open(customerId: Id): Uint8Array | null {
    const known = opened.get(customerId);
    if (known !== undefined) return known;
    const held = stored.has(customerId) ? stored.get(customerId) : makeKey(customerId);
    if (held === null || held === undefined) return null;
    const rowKey = opened.get(customerId) ?? keys.unwrap(held.wrapped, held.keyId);
    opened.set(customerId, rowKey);
    return rowKey;
  }
  return {
    remember: (customerId, key) => {
      if (!stored.has(customerId)) stored.set(customerId, key);
    },
    commit: (customerId, text) => {
      const rowKey = open(customerId);
      return rowKey === null ? "erased" : keys.commit(rowKey, text);
    },
    encrypt: (customerId, { table, column, rowId }, text) => {
      const rowKey = open(customerId);
      if (rowKey !== null) return keys.encryptField(rowKey, table, column, rowId, text);
      throw new Fault(
        `Cannot store ${table}.${column} of customer ${customerId}: its key was destroyed`,
        {
          retryable: false,
        },
      );
    },
    keyOfNew: (customerId) => fresh.get(customerId) ?? makeKey(customerId),
    fresh: () => [...fresh.keys()],
  };
}
