// Passwords are kept as argon2id (RFC 9106) in PHC string form, so that each hash carries the cost it was
// made with. Hashing is bounded in how much of it runs and waits at once: sign-in is the one place where a
// stranger can make the server work.

import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";
import { promisify } from "node:util";
import { Fault } from "../fault.ts";

/** Cost of new hashes: the second recommendation of the OWASP list, 19 MiB, two passes, one lane. */
export const passwordCost = { memoryKib: 19_456, passes: 2, lanes: 1 } as const;

const saltBytes = 16;
const tagBytes = 32;
const mostAtOnce = 2;
const mostWaiting = 64;

/** Shortest and longest password, in characters. Longer text costs nothing more but memory. */
export const passwordLength = { minimum: 12, maximum: 128 } as const;

type Cost = Readonly<{ memoryKib: number; passes: number; lanes: number }>;
type Parsed = Cost & Readonly<{ salt: Buffer; tag: Buffer }>;

const runArgon2 = promisify(
  (parameters: Argon2Parameters, done: (error: Error | null, tag: Buffer) => void) => {
    argon2("argon2id", parameters, done);
  },
);

/** `$argon2id$v=19$m=19456,t=2,p=1$salt$tag` with a fresh salt. Throws a retryable Fault when too many wait. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await inTurn(() => derive(password, salt, passwordCost));
  const { memoryKib, passes, lanes } = passwordCost;
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`;
}

/**
 * True when the password made the hash. With `null` (no such login) it works as long and says false, so that
 * the time tells nothing. Throws a Fault for a hash that is not in the form above.
 */
export async function verifyPassword(hash: string | null, password: string): Promise<boolean> {
  const parsed = hash === null ? nobody : parseHash(hash);
  const tag = await inTurn(() => derive(password, parsed.salt, parsed));
  return timingSafeEqual(tag, parsed.tag) && hash !== null;
}

/** True when the hash was made at another cost than today's. */
export function isOutdated(hash: string): boolean {
  const { memoryKib, passes, lanes } = parseHash(hash);
  return (
    memoryKib !== passwordCost.memoryKib ||
    passes !== passwordCost.passes ||
    lanes !== passwordCost.lanes
  );
}

const nobody: Parsed = {
  ...passwordCost,
  salt: randomBytes(saltBytes),
  tag: randomBytes(tagBytes),
};

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return runArgon2({
    // One password has one spelling, whichever keyboard composed its characters.
    message: Buffer.from(password.normalize("NFKC"), "utf8"),
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: tagBytes,
    memory: cost.memoryKib,
    passes: cost.passes,
  });
}

function parseHash(hash: string): Parsed {
  const form =
    /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;
  const match = form.exec(hash);
  if (match === null) {
    throw new Fault("Cannot read password hash: expected argon2id in PHC form", {
      retryable: false,
    });
  }
  return {
    memoryKib: Number(match[1]),
    passes: Number(match[2]),
    lanes: Number(match[3]),
    salt: Buffer.from(match[4] ?? "", "base64"),
    tag: Buffer.from(match[5] ?? "", "base64"),
  };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= mostAtOnce) {
    if (waiting.length >= mostWaiting) {
      throw new Fault("Cannot check password: too many sign-ins at once", { retryable: true });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // The slot goes from hand to hand; it is given up only when nobody waits.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
