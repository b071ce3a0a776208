// Signatures of the Standard Webhooks specification: HMAC-SHA-256 over id, time and body, told in three headers. What is
// too old, too far ahead or signed by another secret is no message of the sender's.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** How far the time of a message may be from ours, as the specification's libraries have it. */
const toleranceSeconds = 5 * 60;

/** True for a body that `secret` (`whsec_` and base64) signed within five minutes of `now`. */
export function isSigned(
  headers: IncomingHttpHeaders,
  body: string,
  secret: string,
  now: Date,
): boolean {
  const [id, time, signatures] = ["id", "timestamp", "signature"].map(
    (name) => headers[`webhook-${name}`],
  );
  if (typeof id !== "string" || typeof time !== "string" || typeof signatures !== "string") {
    return false;
  }
  const age = Math.abs(now.getTime() / 1_000 - Number(time));
  if (!/^\d{1,12}$/.test(time) || age > toleranceSeconds) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest();
  return signatures.split(" ").some((signature) => {
    const [version, text = ""] = signature.split(",");
    const given = Buffer.from(text, "base64");
    return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
