// The daily report of a handful of lines, number by number and as people read it in both languages.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIds } from "../../src/adapters/ids.ts";
import { htmlReport } from "../../src/adapters/reports/html.ts";
import { reportRenderer } from "../../src/adapters/reports/render-report.ts";
import { readReportTexts } from "../../src/adapters/reports/report-texts.ts";
import { reportView } from "../../src/adapters/reports/report-view.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { reportFacts } from "../../src/portfolio/report-facts.ts";
import { reportedLine, smallPortfolio, smallReport } from "../support/small-report.ts";
import { consumerFacts } from "../support/reported-lines.ts";
import { repositoryRoot } from "../support/documents.ts";

const report = await smallReport();
const document = canonicalJson(report);
const kept = { document, hash: createIds().sha256(document) };

describe("the numbers", () => {
  test("count all lines, and open ones per currency", () => {
    expect(report).toMatchObject({ lines: 6, openLines: 5 });
    expect(report.amounts).toEqual([
      // Exposure: 3 × (4,000 + 75 % of 6,000) + 19,000 + 75 % of 1,000; a closed line has none.
      {
        currency: "CNY",
        lines: 5,
        limitMinor: 6_000_000,
        drawnMinor: 3_100_000,
        exposureMinor: 4_525_000,
      },
      { currency: "USD", lines: 1, limitMinor: 50_000, drawnMinor: 0, exposureMinor: 50_000 },
    ]);
  });

  test("say how far the strategy could speak of the lines", () => {
    expect(report.evaluable).toMatchObject({ evaluated: 4, notEvaluable: 0, withoutStrategy: 1 });
  });

  test("group by facts, unknown last, and say which facts nobody has", () => {
    const industry = report.dimensions.find(({ id }) => id === "industry");
    expect(industry?.groups.map(({ key, lines }) => [key, lines])).toEqual([
      ["retail", 3],
      ["", 2],
    ]);
    const absent = report.dimensions.filter(({ known }) => !known).map(({ id }) => id);
    expect(absent).toEqual(["campaign"]);
  });

  test("roll lines between delinquency buckets", () => {
    const [day, month] = report.delinquency.rolls;
    expect(day).toMatchObject({ since: "day", from: "2026-02-27", unknown: 1 });
    expect(day?.counts[1]?.[2]).toBe(1);
    expect(day?.counts[3]?.[0]).toBe(1);
    expect(month).toMatchObject({ since: "month", from: "2026-01-31", unknown: 2 });
    expect(month?.counts[0]?.[2]).toBe(1);
  });

  test("find the lines that moved most", () => {
    const { scoreFell, useRose } = report.movers;
    expect(scoreFell.map((one) => [one.reference, one.from, one.to])).toEqual([
      ["L-late", 690, 610],
    ]);
    expect(useRose).toMatchObject([{ reference: "L-late", riseMinor: 900_000 }]);
  });

  test("are the same in whatever order and portions lines come", async () => {
    const orders = fc.shuffledSubarray([...smallPortfolio], { minLength: smallPortfolio.length });
    await fc.assert(
      fc.asyncProperty(orders, fc.integer({ min: 1, max: 6 }), async (lines, portions) => {
        expect(canonicalJson(await smallReport(lines, portions))).toBe(document);
      }),
      { numRuns: 20 },
    );
  });

  test("stay few whatever a file brought as a region", async () => {
    const lines = Array.from({ length: 600 }, (_, place) =>
      reportedLine(`L-${place}`, { facts: consumerFacts({ region: `r${place}` }) }),
    );
    const { dimensions } = await smallReport(lines);
    const groups = dimensions.find(({ id }) => id === "region")?.groups ?? [];
    expect(groups.length).toBe(501);
    expect(groups.at(-1)).toMatchObject({ key: "*", lines: 100 });
  });
});

describe("the forms", () => {
  const render = reportRenderer();

  test.each(["zh", "en"] as const)("read in %s as they always did", async (language) => {
    // The hash follows from that of the strategy, which its owner may change.
    const text = (await render({ ...kept, hash: "the hash" }, "md", language)).toString("utf8");
    await expect(text).toMatchFileSnapshot(`./golden/daily-report.${language}.md`);
  });

  test.each(["md", "html", "pdf", "json"] as const)(
    "%s is the same bytes each time",
    async (format) => {
      const first = await render(kept, format, "zh");
      expect(first.equals(await reportRenderer()(kept, format, "zh"))).toBe(true);
      expect(first.length).toBeGreaterThan(1_000);
    },
  );

  test("a page needs nothing else and has no script", async () => {
    const page = (await render(kept, "html", "en")).toString("utf8");
    expect(page).toContain('<html lang="en">');
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\son\w+=|\sstyle="/);
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length);
    expect(page.match(/<svg role="img"/g)?.length).toBe(4);
  });

  test("what a lender named never becomes markup", () => {
    const dimensions = report.dimensions.map((one) => ({
      ...one,
      label: { zh: "<b>&", en: "<script>x</script>" },
    }));
    const say = readReportTexts().say("en");
    const page = htmlReport(reportView({ ...report, dimensions }, "h", "en", say));
    expect(page).toContain("&lt;script&gt;x&lt;/script&gt;");
    expect(page).not.toContain("<script>");
  });

  test("another schema is shown as JSON only", async () => {
    const other = { ...kept, document: '{"schema":"tidemark/daily-report/9"}' };
    await expect(render(other, "md", "en")).rejects.toThrow("found tidemark/daily-report/9");
    expect((await render(other, "json", "en")).toString("utf8")).toBe(other.document);
  });
});

describe("the texts", () => {
  const { keys } = readReportTexts();
  const sources = ["report-view", "view-lines", "view-risk", "view-activity", "view-transparency"]
    .map((name) => readFileSync(`${repositoryRoot}/src/adapters/reports/${name}.ts`, "utf8"))
    .join("\n");

  test("hold a name for every dimension", () => {
    const wanted = reportFacts.filter(({ role }) => role === "dimension").map(({ fact }) => fact);
    for (const fact of wanted) expect(keys).toContain(`dimension.${fact}`);
  });

  test("are all used", () => {
    const made =
      /^(?:dimension|status|action|cause|state|queue|route|notice|band|evaluable|method|column|summary\.since|roll|transparency\.(?:table|standing|review|appeal|undone|ask|answer|method))\./;
    const figure = /^transparency\.(?:notices|inquiries|to[A-Z]\w+|\w+Per10k)$/;
    const unused = keys.filter(
      (key) => !made.test(key) && !figure.test(key) && !sources.includes(`"${key}"`),
    );
    expect(unused).toEqual([]);
  });
});
