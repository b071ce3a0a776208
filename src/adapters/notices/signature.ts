// Messages to providers and their receipts are signed as Standard Webhooks 1.0 writes it: HMAC-SHA-256 over id,
// timestamp and the exact bytes, so that a message cannot be forged, changed or played again later.

import { createHmac, timingSafeEqual } from "node:crypto";

/** The three headers of a signed message, names in lower case. */
export type SignatureHeaders = Readonly<{
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
}>;

/** How far a clock may be off, and how late a message may come, seconds (Standard Webhooks: five minutes). */
const toleranceSeconds = 300;

/** The key of a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`; null where it is none of 24 to 64 bytes. */
export function signingKey(secret: string): Buffer | null {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret);
  if (match === null) return null;
  const key = Buffer.from(match[1]!, "base64");
  return key.length >= 24 && key.length <= 64 ? key : null;
}

/** Headers for a message. `atSeconds` since 1970. */
export function signed(
  key: Buffer,
  id: string,
  atSeconds: number,
  body: string | Uint8Array,
): SignatureHeaders {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(atSeconds),
    "webhook-signature": `v1,${mac(key, id, String(atSeconds), body).toString("base64")}`,
  };
}

/** True where one of the signatures is right and the timestamp is near `nowSeconds`. Takes the same time for every wrong one. */
export function isSigned(
  key: Buffer,
  headers: Readonly<Record<string, unknown>>,
  body: Uint8Array,
  nowSeconds: number,
): boolean {
  const [id, timestamp, signatures] = [
    headers["webhook-id"],
    headers["webhook-timestamp"],
    headers["webhook-signature"],
  ];
  if (typeof id !== "string" || typeof timestamp !== "string") return false;
  if (typeof signatures !== "string" || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds) return false;
  const expected = mac(key, id, timestamp, body);
  return signatures.split(" ").some((one) => {
    const [version, text = ""] = one.split(",");
    const found = Buffer.from(text, "base64");
    return version === "v1" && found.length === expected.length && timingSafeEqual(found, expected);
  });
}

function mac(key: Buffer, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
}
