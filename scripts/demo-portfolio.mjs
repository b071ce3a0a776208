// Makes examples/demo/lines.csv: 300 invented credit lines that give the demo strategy something of everything (cuts,
// freezes, closures, reviews, exclusions). The same seed gives the same bytes; nobody in it exists. `--print` writes
// to standard output instead of the file.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const target = fileURLToPath(new URL("../examples/demo/lines.csv", import.meta.url));
const seed = 20250630;

/** Kinds of lines and how many there are of each; days past due follow usual roll rates. */
const kinds = [
  ["revolver", 112],
  ["transactor", 62],
  ["new", 14],
  ["falling", 40],
  ["slipping", 16],
  ["stressed-business", 10],
  ["large-business", 6],
  ["m1", 15],
  ["m2", 5],
  ["m3", 2],
  ["m4", 1],
  ["dormant", 13],
  ["misuse", 4],
];

const columns = [
  "CUSTOMER_NO",
  "LINE_NO",
  "NAME",
  "MOBILE",
  "EMAIL",
  "ADDRESS",
  "ID_NO",
  "LANGUAGE",
  "LIMIT",
  "BALANCE",
  "PENDING",
  "STATUS",
  "OPENED",
  "BRANCH",
  "SCORE",
  "SCORE_90D_AGO",
  "DPD",
  "AVG_BALANCE_12M",
  "NEW_LENDERS_3M",
  "OVERDUE_OTHERS",
  "INCOME",
  "INCOME_6M_AGO",
  "BILLED_3M",
  "PAID_3M",
  "MONTHS_UNUSED",
  "PURPOSE",
  "PURPOSE_CHECK",
  "INDUSTRY",
  "REGION",
  "TIER",
  "HARDSHIP",
  "DISPUTE",
  "DISASTER",
];

const surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜";
const givenNames = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚";
const englishNames = [
  "Alex",
  "Blair",
  "Casey",
  "Drew",
  "Emery",
  "Finley",
  "Gray",
  "Harper",
  "Indigo",
  "Jules",
];
const calmIndustries = ["PUB", "FIN", "IT", "MFG", "RTL", "OTH"];
const stressedIndustries = ["CAT", "CON", "RE"];
const regions = ["N", "NE", "E", "S", "C", "SW", "NW"];

/** Mulberry32: small, fast, and the same everywhere. */
function randomFrom(start) {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const random = randomFrom(seed);
const between = (low, high) => low + Math.floor(random() * (high - low + 1));
const share = (low, high) => low + random() * (high - low);
const pick = (list) => list[Math.floor(random() * list.length)];
const chance = (probability) => random() < probability;
const padded = (value, length) => String(value).padStart(length, "0");

/** What a kind of line looks like; money in yuan, shares of the limit where it says so. */
const shapes = {
  revolver: () => ({
    limit: between(20, 160) * 500,
    use: share(0.15, 0.75),
    score: between(690, 830),
    change: between(-25, 25),
    paid: share(0.15, 0.7),
    lenders: pick([0, 0, 0, 1, 1, 2]),
    income: share(-0.08, 0.15),
  }),
  transactor: () => ({
    limit: between(40, 240) * 500,
    use: share(0, 0.25),
    score: between(750, 880),
    change: between(-10, 30),
    paid: 1,
    lenders: pick([0, 0, 0, 0, 1]),
    income: share(-0.03, 0.2),
    tier: pick(["P", "P", "S"]),
  }),
  new: () => ({
    limit: between(10, 60) * 500,
    use: share(0.1, 0.8),
    score: between(660, 760),
    noHistory: true,
    paid: share(0.2, 0.9),
    lenders: pick([0, 1, 2]),
    months: between(1, 5),
  }),
  falling: () => ({
    limit: between(30, 200) * 500,
    use: share(0.3, 0.98),
    score: between(625, 705),
    change: between(-130, -60),
    paid: share(0.05, 0.5),
    lenders: between(0, 7),
    income: share(-0.45, 0.02),
    overdueOthers: chance(0.35),
  }),
  slipping: () => ({
    limit: between(30, 160) * 500,
    use: share(0.4, 0.97),
    score: between(600, 678),
    change: between(-59, -30),
    paid: share(0.05, 0.6),
    lenders: between(1, 6),
    income: share(-0.35, 0.05),
    overdueOthers: chance(0.3),
  }),
  "stressed-business": () => ({
    limit: between(200, 500) * 500,
    use: share(0.5, 0.95),
    score: between(640, 715),
    change: between(-80, -5),
    paid: share(0.05, 0.4),
    lenders: between(2, 6),
    income: share(-0.5, -0.15),
    business: true,
    industry: pick(stressedIndustries),
  }),
  "large-business": () => ({
    limit: between(800, 1_600) * 500,
    use: share(0.2, 0.45),
    score: between(650, 700),
    change: between(-120, -65),
    paid: share(0.1, 0.4),
    lenders: between(2, 5),
    income: share(-0.4, -0.1),
    business: true,
  }),
  m1: () => ({ ...late(1, 30), change: between(-90, 10) }),
  m2: () => late(31, 60),
  m3: () => late(61, 90),
  m4: () => late(91, 150),
  dormant: () => ({
    limit: between(10, 80) * 500,
    use: 0,
    score: between(720, 820),
    change: between(-5, 10),
    unused: between(12, 30),
    lenders: pick([0, 0, 1]),
    months: between(30, 90),
  }),
  misuse: () => ({
    limit: between(100, 300) * 500,
    use: share(0.6, 0.95),
    score: between(690, 770),
    change: between(-20, 10),
    paid: share(0.2, 0.6),
    lenders: pick([1, 2, 3]),
    income: share(-0.1, 0.1),
    business: true,
    breach: true,
  }),
};

function late(from, to) {
  return {
    limit: between(20, 120) * 500,
    use: share(0.6, 1.04),
    score: between(560, 680),
    change: between(-120, -40),
    dpd: between(from, to),
    paid: share(0, 0.15),
    lenders: between(1, 8),
    income: share(-0.5, 0),
    overdueOthers: chance(0.5),
  };
}

function lineOf(kind, number, customer) {
  const shape = shapes[kind]();
  const { limit, use, score } = shape;
  const balance = limit * use;
  const billed = use === 0 ? 0 : balance * share(0.6, 1.3) + 100;
  const income = between(40, 300) * 100;
  const months = shape.months ?? between(7, 110);
  const known = shape.noHistory !== true;
  return {
    ...customer,
    LINE_NO: `DEMO-${padded(number, 4)}`,
    LIMIT: yuan(limit),
    BALANCE: yuan(balance),
    PENDING: chance(0.08) && use > 0 ? yuan(Math.min(limit * 0.02, 800)) : "0.00",
    STATUS: "A",
    OPENED: openedOn(months),
    BRANCH: padded(between(1, 40), 3),
    SCORE: String(score),
    SCORE_90D_AGO: known ? String(score - shape.change) : "",
    DPD: String(shape.dpd ?? 0),
    AVG_BALANCE_12M: known && months >= 12 ? yuan(limit * Math.max(0, use * share(0.6, 1.05))) : "",
    NEW_LENDERS_3M: chance(0.04) ? "" : String(shape.lenders),
    OVERDUE_OTHERS: shape.overdueOthers === true ? "Y" : "N",
    INCOME: shape.income === undefined ? "" : yuan(income * (1 + shape.income)),
    INCOME_6M_AGO: shape.income === undefined ? "" : yuan(income),
    BILLED_3M: yuan(billed),
    PAID_3M: yuan(billed * (shape.paid ?? 0)),
    MONTHS_UNUSED: String(shape.unused ?? 0),
    PURPOSE: shape.business === true ? "B" : "C",
    PURPOSE_CHECK: shape.breach === true ? "FAILED" : chance(0.3) ? "PASSED" : "",
    INDUSTRY: shape.industry ?? pick(calmIndustries),
    REGION: pick(regions),
    TIER: shape.tier ?? pick(["S", "S", "S", "B", "P"]),
    HARDSHIP: "",
    DISPUTE: "",
    DISASTER: "",
  };
}

function customerOf(number) {
  const english = number % 12 === 0;
  const name = english
    ? `Demo ${pick(englishNames)} ${padded(number, 3)}`
    : `演示${pick(surnames)}${pick(givenNames)}${chance(0.4) ? pick(givenNames) : ""}`;
  return {
    CUSTOMER_NO: `DC${padded(number, 5)}`,
    NAME: name,
    MOBILE: `+86 100 0000 ${padded(number, 4)}`,
    EMAIL: `demo${padded(number, 3)}@example.invalid`,
    ADDRESS: english ? `${number} Sample Road, Demo City` : `演示市样例路 ${number} 号`,
    ID_NO: `DEMO${padded(between(0, 99_999_999), 8)}${padded(number, 4)}`,
    LANGUAGE: english ? "EN" : "ZH",
  };
}

/** Excluded lines and lines that are not active, over good and bad ones alike. */
const marks = [
  ["HARDSHIP", "Y", [3, 41, 87, 176, 232]],
  ["DISPUTE", "Y", [12, 99, 180, 251]],
  ["DISASTER", "Y", [7, 58, 130, 187, 240]],
  ["STATUS", "F", [20, 110, 215]],
  ["STATUS", "W", [64]],
  ["STATUS", "C", [150, 260]],
];

function demoLines() {
  const queue = kinds.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  const order = queue.map((kind) => [random(), kind]).toSorted(([one], [other]) => one - other);
  const lines = [];
  let customers = 0;
  let customer = null;
  for (const [, kind] of order) {
    // One customer in twenty has a second line.
    if (customer === null || !chance(0.05)) customer = customerOf((customers += 1));
    lines.push(lineOf(kind, lines.length + 1, customer));
  }
  for (const [column, value, numbers] of marks) {
    for (const number of numbers) lines[number][column] = value;
  }
  for (const line of lines) if (line.STATUS === "C") closed(line);
  return lines;
}

function closed(line) {
  Object.assign(line, {
    LIMIT: "0.00",
    BALANCE: "0.00",
    PENDING: "0.00",
    AVG_BALANCE_12M: "0.00",
    DPD: "0",
  });
}

function openedOn(months) {
  const month = 2025 * 12 + 5 - months;
  return `${Math.floor(month / 12)}-${padded((month % 12) + 1, 2)}-${padded(between(1, 28), 2)}`;
}

function yuan(amount) {
  const cents = String(Math.round(amount * 100)).padStart(3, "0");
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

function csvOf(lines) {
  const rows = [columns, ...lines.map((line) => columns.map((column) => line[column]))];
  return `${rows.map((row) => row.map(quoted).join(",")).join("\n")}\n`;
}

function quoted(cell) {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

const text = csvOf(demoLines());
if (process.argv.includes("--print")) process.stdout.write(text);
else writeFileSync(target, text);
