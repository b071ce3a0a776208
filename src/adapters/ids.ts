// Hashes and identifiers of the running program. Derived ids are the product's protection against doubles, so
// the way their parts become bytes is fixed for ever and tells ("a", "bc") from ("ab", "c").

import { hash, randomFillSync } from "node:crypto";
import { idFromHex, type Id } from "../domain/id.ts";
import type { Ids } from "../flow/ports.ts";

/**
 * Ids over SHA-256. `derive` hashes its parts as netstrings (`LENGTH:BYTES,`, length in UTF-8 bytes).
 * `fresh` gives UUIDv7 (RFC 9562 §5.7), rising within this process even inside one millisecond.
 * @param now milliseconds since 1970, real time
 */
export function createIds(now: () => number = Date.now): Ids {
  return {
    sha256: (text) => hash("sha256", text, "hex"),
    derive: (bucket, ...parts) => {
      let text = "";
      for (const part of parts) text += `${Buffer.byteLength(part)}:${part},`;
      return idFromHex(hash("sha256", text, "hex"), bucket);
    },
    fresh: risingIds(now),
  };
}

/** Within a millisecond the 12 bits after the version count on; when they are used up, time moves ahead. */
function risingIds(now: () => number): () => Id {
  let last = 0;
  let count = 0;
  return () => {
    const random = randomFillSync(new Uint8Array(10));
    const at = now();
    if (at > last) {
      last = at;
      count = ((random[8]! << 8) | random[9]!) & 0x7ff;
    } else if (count < 0xfff) {
      count += 1;
    } else {
      last += 1;
      count = 0;
    }
    return uuid7(last, count, random);
  };
}

function uuid7(milliseconds: number, count: number, random: Uint8Array): Id {
  const time = milliseconds.toString(16).padStart(12, "0");
  const sequence = count.toString(16).padStart(3, "0");
  const tail = Buffer.from(random.subarray(0, 8));
  tail[0] = 0x80 | (tail[0]! & 0x3f);
  const rest = tail.toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}
