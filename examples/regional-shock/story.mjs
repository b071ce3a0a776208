// Numbers of the story, from what the commands answered: `node story.mjs QUESTION FILE…`. Lists are files with one page a
// line; reports are the documents that `tidemark report` writes as JSON.
import { readFileSync } from "node:fs";

const hit = { region: "south", industries: ["catering", "construction"] };

const [question, file, ...more] = process.argv.slice(2);
const report = (path) => JSON.parse(readFileSync(path, "utf8"));
const rows = () =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => JSON.parse(line).data);
const cutsOf = (decisions) => decisions.filter(({ outcome }) => outcome.action === "decrease");
const factsOf = ({ assessment }) => assessment.facts;
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

const questions = {
  // Rows of a list; with a field and a value, those that have it.
  rows: () => rows().filter((row) => more.length === 0 || fieldOf(row, more[0]) === more[1]).length,
  // Share of lines past due, per cent.
  late: () => {
    const buckets = report(file).delinquency.buckets.filter(({ bucket }) => bucket !== null);
    const all = sum(buckets.map(({ lines }) => lines));
    const late = sum(buckets.filter(({ bucket }) => bucket !== "M0").map(({ lines }) => lines));
    return ((100 * late) / all).toFixed(2);
  },
  // Mean behaviour score on the report's own date.
  score: () => {
    const { asOf, scores } = report(file);
    const { spreads } = scores.find(({ id }) => id === "behaviourScore");
    return (spreads.find(({ on }) => on === asOf).meanTenths / 10).toFixed(1);
  },
  // Sum of limits, in the currency's main unit.
  limit: () => sum(report(file).amounts.map(({ limitMinor }) => limitMinor)) / 100,
  // What executed cuts took away, in the currency's main unit.
  removed: () =>
    sum(cutsOf(rows()).map(({ outcome }) => outcome.from.amount - outcome.to.amount)) / 100,
  // Cuts in 1,000 lines of a region, or of all regions but the one that was hit.
  cuts: () => {
    const [where, path] = more;
    const chosen = (region) => (where === "elsewhere" ? region !== hit.region : region === where);
    const { groups } = report(path).dimensions.find(({ id }) => id === "region");
    const lines = sum(groups.filter(({ key }) => chosen(key)).map(({ lines: count }) => count));
    const cuts = cutsOf(rows()).filter((decision) => chosen(factsOf(decision).region)).length;
    return ((1_000 * cuts) / lines).toFixed(1);
  },
  // Cuts where region and industry were hit.
  cluster: () =>
    cutsOf(rows()).filter((decision) => {
      const { region, industry } = factsOf(decision);
      return region === hit.region && hit.industries.includes(industry);
    }).length,
};

function fieldOf(row, path) {
  return path.split(".").reduce((value, key) => value?.[key], row);
}

console.log(questions[question]());
