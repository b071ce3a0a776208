// The clocks of four laws side by side: `node clocks.mjs FOLDER`, with what the commands told of each line. It fails where
// a date is not the one that the pack's rule gives.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const laws = ["cn", "us", "eu", "uk"];
// Counted by hand from Tuesday 1 December 2026: ten business days, at once (the notice may follow), thirty days twice.
const expected = { cn: "2026-12-15", us: "2026-12-01", eu: "2026-12-31", uk: "2026-12-31" };

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));

const rows = laws.map((law) => {
  const events = read(`timeline-${law}`).data;
  const of = (kind) => events.find((event) => event.kind === kind);
  const [notice] = read(`notices-${law}`).data;
  const { value: clock, status } = read(`pack-${law}`).notice.decrease;
  const issued = of("NoticeIssued");
  return {
    law,
    pack: `${notice.pack.id} ${notice.pack.version}`,
    clock: `${clock.when} ${clock.days} ${clock.counting} days`,
    status,
    owed: issued.body.owed.notice ?? "none",
    duties: String(issued.body.owed.content.length),
    issued: notice.issuedOn,
    channel: notice.channel,
    state: notice.state,
    effective: notice.effectiveOn,
    executed: of("LimitDecreased")?.body.on ?? "never",
  };
});

const heads = Object.keys(rows[0]);
const widths = heads.map((head) => Math.max(head.length, ...rows.map((row) => row[head].length)));
const print = (cells) => console.log(cells.map((cell, at) => cell.padEnd(widths[at])).join("  "));
print(heads);
print(widths.map((width) => "-".repeat(width)));
for (const row of rows) print(heads.map((head) => row[head]));

const wrong = rows.filter(
  ({ law, effective, executed }) => executed !== effective || effective !== expected[law],
);
if (wrong.length > 0) {
  console.error(`The story does not hold: ${wrong.map(({ law }) => law).join(", ")}`);
  process.exit(1);
}
