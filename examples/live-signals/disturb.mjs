// Disturbs a stream: one event in ten comes twice, one in two thousand is joined by a broken one that comes twice, and all
// of it is shuffled. The same input gives the same output. `node disturb.mjs IN OUT`
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const lines = readFileSync(from, "utf8").trimEnd().split("\n");

// Park and Miller's minimal standard generator.
let state = 20_260_720;
const below = (most) => {
  state = (state * 48_271) % 2_147_483_647;
  return state % most;
};

const stream = lines.flatMap((line, number) => {
  const broken = JSON.stringify({ ...JSON.parse(line), id: `broken-${number}`, type: "nonsense" });
  return [
    line,
    ...(number % 10 === 3 ? [line] : []),
    ...(number % 2_000 === 5 ? [broken, broken] : []),
  ];
});
for (let at = stream.length - 1; at > 0; at -= 1) {
  const other = below(at + 1);
  [stream[at], stream[other]] = [stream[other], stream[at]];
}
writeFileSync(to, `${stream.join("\n")}\n`);
