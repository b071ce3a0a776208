// What a store asks of cryptography: one row key per customer, wrapped by the installation's master key. The
// store never sees the master key and never keeps an unwrapped row key longer than one transaction.

/** A row key as it is stored: encrypted by the master key that `keyId` names. */
export type WrappedKey = Readonly<{ wrapped: Uint8Array; keyId: string }>;

/** Keys of one installation. `unwrap` throws when the key was wrapped by another master key or was changed. */
export type Keys = Readonly<{
  /** 32 random bytes and their wrapped form */
  newRowKey: () => WrappedKey & Readonly<{ rowKey: Uint8Array }>;
  unwrap: (wrapped: Uint8Array, keyId: string) => Uint8Array;
  /** HMAC-SHA-256 of the text under the row key, hex */
  commit: (rowKey: Uint8Array, text: string) => string;
  /** AES-256-GCM; table, column and row id are bound to the ciphertext and needed to open it */
  encryptField: (
    rowKey: Uint8Array,
    table: string,
    column: string,
    rowId: string,
    text: string,
  ) => Uint8Array;
  /** the text of such a field; throws when key, place or bytes are others */
  decryptField: (
    rowKey: Uint8Array,
    table: string,
    column: string,
    rowId: string,
    sealed: Uint8Array,
  ) => string;
  /** keyed hash by which equal values of one field are found without being read */
  blindIndex: (field: string, text: string) => Uint8Array;
  /** id of the master key in use */
  keyId: string;
}>;
