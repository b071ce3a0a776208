// Holds every offer against its line: what was agreed is the limit, what was declined left it alone, what nobody answered
// was cut after a notice. Prints how the offers ended, and fails at the first line that ended otherwise.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const data = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(data, name), "utf8")).data;
const limits = new Map(read("lines.json").map(({ id, limit }) => [id, limit.amount]));

const expected = {
  accepted: ({ consent }) => consent.limit.amount,
  declined: ({ from }) => from.amount,
  expired: ({ to }) => to.amount,
};

const ended = new Map();
for (const offer of read("offers.json")) {
  const { state, consent, lineReference } = offer;
  const want = expected[state]?.(offer);
  const found = limits.get(offer.lineId);
  if (found !== want) {
    throw new Error(
      `Line ${lineReference}: offer ${state}, found limit ${found}, expected ${want}`,
    );
  }
  const proven =
    consent !== null &&
    [consent.termsHash, consent.textHash].every((hash) => /^[0-9a-f]{64}$/.test(hash));
  if (state === "accepted" && !proven)
    throw new Error(`Line ${lineReference}: no proof of consent`);
  ended.set(state, (ended.get(state) ?? 0) + 1);
}
for (const state of Object.keys(expected)) {
  console.log(`        ${state.padEnd(9)} ${ended.get(state) ?? 0}`);
}
