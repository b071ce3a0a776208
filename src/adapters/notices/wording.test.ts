// Notices are read as a customer reads them: the whole text of each kind in both languages, the same on any
// machine, quoting the decision's reasons and nothing that is no reason.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forbiddenPhraseIn } from "../../compliance/forbidden-phrase.ts";
import type { Outcome } from "../../domain/assessment.ts";
import { contentDuties, type CompliancePack, type ContentDuty } from "../../compliance/pack.ts";
import type { BusinessDate } from "../../domain/calendar.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import { currencyExponents, type Currency } from "../../domain/money.ts";
import { reasonCodes, type ReasonCode } from "../../domain/reason-code.ts";
import { type Language, languages } from "../../domain/text.ts";
import type { Way } from "../../policy/way-back.ts";
import type { NoticeParameters } from "../../flow/notice-ports.ts";
import { repositoryRoot } from "../../../test/support/documents.ts";
import { packOf } from "../../../test/support/compliance-pack.ts";
import { readPackFiles } from "../files/pack-files.ts";
import { readCatalogue, shippedTexts } from "./catalogue.ts";
import { amountForm, dateForm } from "./notice-format.ts";
import { sampleContact } from "./contact.ts";
import { longestShort, roomOf } from "./short-form.ts";
import { createWording } from "./wording.ts";

const silent = packOf({});
const wording = createWording(readCatalogue(shippedTexts), sampleContact);
const day = (text: string): BusinessDate => text as BusinessDate;

const line: CreditLine = {
  bucket: 1,
  id: "00400000-0000-8000-8000-000000000000",
  customerId: "00400000-0000-8000-8000-000000000001",
  reference: "ACC-00012345",
  customerReference: "C-1",
  portfolio: "main",
  product: "consumer-line",
  jurisdiction: "cn",
  currency: "CNY",
  limitMinor: 5_000_000,
  drawnMinor: 1_234_550,
  pendingMinor: 0,
  status: "active",
  openedOn: null,
  lastDecreaseOn: null,
  decidedOn: null,
  balanceAsOf: null,
  movements: null,
  ver: 1,
};

function parameters(outcome: Outcome, more: Partial<NoticeParameters> = {}): NoticeParameters {
  return {
    template: "limit-change",
    line,
    outcome,
    reasons: ["R01", "R10"],
    currency: line.currency,
    issuedOn: day("2026-03-02"),
    effectiveOn: day("2026-03-16"),
    wayBack: { zh: "连续六期按时还款", en: "six payments in a row on time" },
    ways: [],
    asOf: day("2026-02-28"),
    reviewOn: day("2026-09-16"),
    owed: [],
    pack: silent,
    score: null,
    offer: null,
    appeal: null,
    ...more,
  };
}

/** The pack of a jurisdiction that ships, its newest version. */
function shippedPack(jurisdiction: string): CompliancePack {
  const { packs } = readPackFiles(`${repositoryRoot}/compliance-packs`);
  return packs
    .filter((pack) => pack.jurisdiction === jurisdiction)
    .toSorted((one, other) => other.version - one.version)[0]!;
}

const cut: Outcome = { action: "decrease", fromMinor: 5_000_000, toMinor: 3_500_000 };
const freeze: Outcome = { action: "freeze", fromMinor: 5_000_000 };
const close: Outcome = { action: "close", fromMinor: 5_000_000 };

/** A way to an outcome by repaying and by taking no more loans. */
function way(outcome: Outcome, days = 14): Way {
  const repay = {
    ...{ name: "drawn", label: { zh: "已用额度", en: "Drawn balance" } },
    ...{ before: { zh: "12,345.50 CNY", en: "12,345.50 CNY" }, fromMinor: 1_234_550 },
    ...{ after: { zh: "9,000.00 CNY", en: "9,000.00 CNY" }, toMinor: 900_000 },
    ...{ how: { zh: "归还部分已用额度", en: "Repay part of the balance" }, cost: 34, days: 1 },
  };
  const lenders = {
    ...{ name: "lenders", label: { zh: "新增放贷机构数", en: "New lenders" } },
    ...{ before: { zh: "3", en: "3" }, after: { zh: "2", en: "2" }, cost: 40, days },
    how: { zh: "不再向新的机构借款", en: "Take no loans from further lenders" },
  };
  return {
    ...{ changes: [repay, lenders], follow: [], facts: {}, cost: 74, days, outcome },
    earliestOn: day("2026-03-16"),
  };
}

describe("the answer to an appeal", () => {
  const upheld = (change: Partial<NonNullable<NoticeParameters["appeal"]>["upheld"]> = {}) => ({
    ...{ lodgedOn: day("2026-02-20"), answer: "We read your payslips.\n\nThey show the same." },
    upheld: { outcome: cut, inEffect: false, on: day("2026-03-16"), ...change },
  });
  const told = (jurisdiction: string, appeal: NonNullable<NoticeParameters["appeal"]>) =>
    wording.compose({
      ...parameters(cut, { line: { ...line, jurisdiction }, pack: shippedPack(jurisdiction) }),
      ...{ outcome: { action: "uphold", fromMinor: 5_000_000 }, appeal },
    }).body;

  test("gives the released words as one part, the reasons, what remains, and who decides next", () => {
    const { en, zh } = told("uk", upheld());
    expect(en.split("\n\n").map((part) => part.split("\n")[0])).toEqual([
      "On 20 February 2026 you appealed against our decision about your credit line ending 2345. A person who had no part in it has looked at it again. We do not change it. This notice is dated 2 March 2026.",
      ...["Our answer to your appeal", "Why", "What this means for you", "If you do not agree"],
      "How to reach us",
    ]);
    expect(en).toContain(
      "Our answer to your appeal\nWe read your payslips.\nThey show the same.\n\n",
    );
    expect(en).toContain(reasonCodes.R01.en);
    expect(en).toContain("Your limit becomes ¥35,000, on 16 March 2026 at the earliest.");
    expect(en).toContain(
      "You may ask the Financial Ombudsman Service to look at it, within 6 months of the date of this notice.",
    );
    expect(zh).toContain(
      "您可以自本通知之日起 6 个月内向英国金融申诉专员服务（Financial Ombudsman Service）申请处理。",
    );
  });

  test("names no deadline and no body that the pack does not name, and the authority that is known", () => {
    expect(told("cn", upheld()).zh).toContain("您可以向金融监管总局消费者投诉热线 12378申请处理。");
    const { en } = told("us", upheld());
    expect(en).not.toContain("to look at it");
    expect(en).toContain(
      "The authority that supervises us: Bureau of Consumer Financial Protection",
    );
  });

  test.each([
    [{ outcome: cut, inEffect: true }, "Your limit stays ¥50,000."],
    [{ outcome: freeze }, "Your line will be frozen, on 16 March 2026 at the earliest"],
    [{ outcome: freeze, inEffect: true }, "Your line stays frozen"],
    [{ outcome: close }, "Your line will be closed, on 16 March 2026 at the earliest."],
    [{ outcome: close, inEffect: true }, "Your line stays closed."],
  ])("says what remains: %j", (change, expected) => {
    expect(told("uk", upheld(change)).en).toContain(expected);
  });
});

describe("what the law asks a notice to say", () => {
  const american = { ...line, jurisdiction: "us", currency: "USD" as const };
  const asked = (owed: readonly ContentDuty[], more: Partial<NoticeParameters> = {}) =>
    wording.compose(
      parameters(cut, { line: american, currency: "USD", owed, pack: shippedPack("us"), ...more }),
    ).body;

  test("is said in both languages, and not said where it is not owed", () => {
    const score = { points: 612, lowest: 300, highest: 850, on: day("2026-02-27"), factors: [] };
    const bare = asked([], { score });
    const american = contentDuties.filter(
      (duty) => duty !== "repayment-in-instalments" && duty !== "chance-to-prove-ability",
    );
    const { en, zh } = asked(american, { score });
    for (const said of [
      "Bureau of Consumer Financial Protection, 1700 G Street NW., Washington, DC 20552",
      "prohibits creditors from discriminating against credit applicants",
      "within 60 days of the date of this notice, for a statement of these reasons. We answer within 30 days.",
      "a report from Sample Credit Bureau, 2 Sample Road, Sample City, 800-000-0000",
      "Your credit score: 612, on a scale from 300 to 850, as of 27 February 2026, provided by Sample Credit Bureau.",
      "Sample Credit Bureau did not make this decision",
      "free copy of your report within 60 days",
      "inaccurate or incomplete",
    ]) {
      expect(en).toContain(said);
      expect(bare.en).not.toContain(said);
    }
    expect(zh).toContain("您的信用评分：612，评分区间 300 至 850，评分日期2026年2月27日");
    expect(zh).toContain("自本通知之日起 60 天内书面要求我们说明上述原因，我们将在 30 天内答复");
    expect(bare.en).toContain("Sample Consumer Finance, 1 Sample Road, Sample City");
  });

  test("names no score where none was used", () => {
    expect(asked(["score-disclosure", "bureau-did-not-decide"]).en).not.toContain("credit score");
  });

  test("names as many key factors as the law does, and recent inquiries beside them", () => {
    const factors: readonly ReasonCode[] = ["R01", "R02", "R03", "R04", "R10", "R07"];
    const score = { points: 1, lowest: 0, highest: 9, on: day("2026-02-27"), factors };
    const { en } = asked(["score-disclosure"], { score });
    const expected = ["R01", "R02", "R03", "R04", "R07"] as const;
    expect(en).toContain(
      `Key factors from that report: ${expected.map((code) => reasonCodes[code].en).join("; ")}.`,
    );
  });

  test("gives instalments and the time of an answer to a complaint from the pack", () => {
    const eu = { ...line, jurisdiction: "eu", currency: "EUR" as const };
    const more = { line: eu, currency: "EUR" as const, pack: shippedPack("eu") };
    const { en } = wording.compose(
      parameters(cut, { ...more, owed: ["repayment-in-instalments", "complaint-channel"] }),
    ).body;
    expect(en).toContain("12 equal monthly instalments, at no extra cost");
    const cn = parameters(cut, { owed: ["complaint-channel"], pack: shippedPack("cn") });
    expect(wording.compose(cn).body.zh).toContain("我们将在 15 天内给出最终答复。");
    expect(wording.compose(cn).body.en).toContain("We give our final answer within 15 days.");
  });

  test("is refused where nobody is named for it, and where the pack forbids a word", () => {
    expect(() => wording.compose(parameters(cut, { owed: ["agency-name-and-address"] }))).toThrow(
      "agency-name-and-address is owed, found nobody for cn",
    );
    const { duties } = silent;
    const forbiddenTexts = { value: ["on time"], status: "confirmed", source: "Test" } as const;
    const reasons = { ...duties.reasons, forbiddenTexts };
    const pack = { ...silent, duties: { ...duties, reasons } };
    expect(() => wording.compose(parameters(cut, { pack }))).toThrow(
      'found forbidden phrase "on time" in en',
    );
  });
});

describe("the way back in a notice", () => {
  const wayBackOf = (
    outcome: Outcome,
    ways: readonly Way[],
  ): Readonly<Record<Language, string>> => {
    const { body } = wording.compose(parameters(outcome, { ways }));
    return {
      zh: body.zh.split("如何恢复\n")[1]!.split("\n\n")[0]!,
      en: body.en.split("The way back\n")[1]!.split("\n\n")[0]!,
    };
  };

  test("says what would have changed the decision, before the criteria", () => {
    const { zh, en } = wayBackOf(cut, [
      way({ action: "decrease", fromMinor: 5_000_000, toMinor: 4_500_000 }),
      way({ action: "none" }),
    ]);
    expect(en)
      .toBe(`What would have changed this decision, on your data of 28 February 2026 and everything else being equal: Repay part of the balance (Drawn balance from ¥12,345.50 to ¥9,000) and Take no loans from further lenders (New lenders from 3 to 2). Your limit would then have been lowered only to ¥45,000. Such a change can show on 16 March 2026 at the earliest.
What would have changed this decision, on your data of 28 February 2026 and everything else being equal: Repay part of the balance (Drawn balance from ¥12,345.50 to ¥9,000) and Take no loans from further lenders (New lenders from 3 to 2). Your line would then have stayed as it is. Such a change can show on 16 March 2026 at the earliest.
What we look for: six payments in a row on time
We will re-evaluate your line on 16 September 2026.`);
    expect(zh)
      .toBe(`按2026年2月28日的数据，在其他情况不变的前提下，如果归还部分已用额度（已用额度由 ¥12,345.50 变为 ¥9,000），并且不再向新的机构借款（新增放贷机构数由 3 变为 2），您的额度将只调低至 ¥45,000。这一变化最早可于2026年3月16日体现。
按2026年2月28日的数据，在其他情况不变的前提下，如果归还部分已用额度（已用额度由 ¥12,345.50 变为 ¥9,000），并且不再向新的机构借款（新增放贷机构数由 3 变为 2），您的额度将保持不变。这一变化最早可于2026年3月16日体现。
我们关注的条件：连续六期按时还款
我们将于2026年9月16日重新评估您的额度。`);
  });

  test("says that a line would have been frozen and not closed", () => {
    const { zh, en } = wayBackOf(close, [way({ action: "freeze", fromMinor: 5_000_000 })]);
    expect(en).toContain("Your line would then have been frozen and not closed.");
    expect(zh).toContain("您的额度将被冻结而不是关闭。");
  });
});

describe("a decrease notice", () => {
  const { subject, body } = wording.compose(parameters(cut));

  test("reads in English from what changes to how to reach a person", () => {
    expect(subject.en).toBe("Your credit limit will change to ¥35,000 on 16 March 2026");
    expect(body.en)
      .toBe(`On 16 March 2026 we will lower the limit of your credit line ending 2345. This notice is dated 2 March 2026.

What changes
Limit now: ¥50,000
New limit: ¥35,000
From: 16 March 2026

Why
The 2 principal reasons for this decision, the most important first:
1. Poor credit performance with us
2. Proportion of balances to credit limits is too high

What this means for you
From 16 March 2026 you can use up to ¥35,000 in total. You use ¥12,345.50 at the moment. You repay what you have drawn under the terms already agreed.

The way back
What we look for: six payments in a row on time
We will re-evaluate your line on 16 September 2026.

Your rights
Explanation: you may ask us to explain this decision, which of your data we used and how each reason came about.
A person: you may refuse a decision made only by automated means and ask that a person reviews it.
Appeal: if our data is wrong or you disagree, you may appeal and send us what shows it. We will decide again on the corrected data.

How to reach us
Ask for an explanation, a review by a person or an appeal on the page My Line in the app.
To talk to a person at Sample Consumer Finance: 400-000-0000, daily 9:00–21:00
Sample Consumer Finance, 1 Sample Road, Sample City`);
  });

  test("reads in Chinese from what changes to how to reach a person", () => {
    expect(subject.zh).toBe("您的授信额度将于2026年3月16日调整为 ¥35,000");
    expect(body.zh)
      .toBe(`我们将于2026年3月16日调低您尾号 2345 的授信额度。本通知日期：2026年3月2日。

变更内容
当前额度：¥50,000
新额度：¥35,000
生效日期：2026年3月16日

原因
作出这一决定的主要原因共 2 项，按重要程度排列：
1. 在本机构的还款记录不佳
2. 已用额度占授信额度的比例过高

对您的影响
自2026年3月16日起，您最多可使用的额度合计为 ¥35,000。您目前已用 ¥12,345.50。已使用的款项仍按原约定还款。

如何恢复
我们关注的条件：连续六期按时还款
我们将于2026年9月16日重新评估您的额度。

您的权利
要求说明：您可以要求我们说明这一决定，包括使用了您的哪些信息、每项原因如何得出。
人工复核：您有权拒绝仅通过自动化方式作出的决定，并要求由人工复核。
申诉：如果我们的信息有误或您不同意这一决定，您可以提出申诉并提交相关材料，我们将根据更正后的信息重新作出决定。

联系我们
您可以在应用内“我的额度”页面要求说明、人工复核或提出申诉。
与示例消费金融的工作人员通话：400-000-0000，每日 9:00–21:00
示例消费金融，示例市示例路 1 号`);
  });

  test("says so when the line is already used up to the new limit", () => {
    const full = { ...line, drawnMinor: 3_400_000, pendingMinor: 100_000 };
    const text = wording.compose(parameters(cut, { line: full })).body;
    expect(text.en).toContain("You use ¥35,000 at the moment, which is not below the new limit");
    expect(text.zh).toContain("您目前已用 ¥35,000，不低于新额度");
  });

  test("quotes a reason once, and one reason in the singular", () => {
    const text = wording.compose(parameters(cut, { reasons: ["R12", "R12"] })).body;
    expect(text.en).toContain(
      "The principal reason for this decision:\n1. Recent decline in repayment amount or speed\n\n",
    );
    expect(text.zh).toContain("作出这一决定的主要原因：\n1. 近期还款金额或还款速度下降\n\n");
  });

  test("leaves the criteria out where a strategy writes none, and keeps the date", () => {
    const text = wording.compose(parameters(cut, { wayBack: { zh: "", en: "" } })).body;
    expect(text.en).toContain("The way back\nWe will re-evaluate your line on 16 September 2026.");
    expect(text.zh).toContain("如何恢复\n我们将于2026年9月16日重新评估您的额度。");
  });
});

describe("other notices", () => {
  test("a freeze keeps the limit and stops new draws", () => {
    const { subject, body } = wording.compose(parameters(freeze));
    expect(subject.en).toBe("New draws on your credit line will stop on 16 March 2026");
    expect(subject.zh).toBe("您的授信额度将于2026年3月16日停止新的提款");
    expect(body.en).toContain("Limit while frozen: ¥50,000, without new draws");
    expect(body.en).toContain(
      "You repay what you have drawn, ¥12,345.50 at the moment, under the terms already agreed.",
    );
    expect(body.zh).toContain(
      "额度本身保持不变。已使用的款项（目前为 ¥12,345.50）仍按原约定还款。",
    );
  });

  test("a closure says what is still owed, or that nothing is", () => {
    const { subject, body } = wording.compose(parameters(close));
    expect(subject.en).toBe("Your credit line will be closed on 16 March 2026");
    expect(subject.zh).toBe("您的授信额度将于2026年3月16日关闭");
    expect(body.en).toContain("the line is closed when that is done");
    const paid = wording.compose(parameters(close, { line: { ...line, drawnMinor: -500 } })).body;
    expect(paid.en).toContain("You owe nothing on this line.");
    expect(paid.zh).toContain("您在该额度下没有欠款。");
  });
});

describe("every notice", () => {
  const outcomes = fc.constantFrom(cut, freeze, close);
  const codes = Object.keys(reasonCodes) as ReasonCode[];
  const reasonLists = fc.uniqueArray(fc.constantFrom(...codes), { minLength: 1, maxLength: 4 });
  const currencies = fc.constantFrom(...(Object.keys(currencyExponents) as Currency[]));

  test("quotes exactly the given reasons, holds no forbidden phrase and leaves nothing open", () => {
    fc.assert(
      fc.property(outcomes, reasonLists, currencies, (outcome, reasons, currency) => {
        const { subject, short, body } = wording.compose(
          parameters(outcome, { reasons, currency }),
        );
        expect(roomOf(short.en).most).toBe(longestShort.gsm);
        for (const language of languages) {
          const quoted = codes.filter((code) =>
            body[language].includes(`. ${reasonCodes[code][language]}\n`),
          );
          expect(new Set(quoted)).toEqual(new Set(reasons));
          const said = `${subject[language]}${short[language]}${body[language]}`;
          expect(forbiddenPhraseIn(said)).toBeNull();
          expect(said).not.toMatch(/[{}]|undefined|null|NaN/);
        }
      }),
    );
  });

  test("shows only the end of the line's reference", () => {
    const { subject, body } = wording.compose(parameters(cut));
    expect(JSON.stringify([subject, body])).not.toContain("0001");
  });

  test("is the same bytes in another time zone and locale", () => {
    const here = JSON.stringify(
      [cut, freeze, close].map((outcome) => wording.compose(parameters(outcome))),
    );
    const script = `
      const { createWording } = await import("./wording.ts");
      const { sampleContact } = await import("./contact.ts");
      const { readCatalogue, shippedTexts } = await import("./catalogue.ts");
      const wording = createWording(readCatalogue(shippedTexts), sampleContact);
      const inputs = JSON.parse(process.argv[1]);
      process.stdout.write(JSON.stringify(inputs.map((input) => wording.compose(input))));`;
    const inputs = JSON.stringify([cut, freeze, close].map((outcome) => parameters(outcome)));
    const there = spawnSync(process.execPath, ["--input-type=module", "-e", script, inputs], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...process.env, TZ: "Pacific/Kiritimati", LC_ALL: "ar_EG.UTF-8", LANG: "ar_EG.UTF-8" },
      encoding: "utf8",
    });
    expect(there.stdout).toBe(here);
  });

  test.each([
    [
      "an unknown template",
      { template: "wave" },
      "found template wave, expected one of limit-change",
    ],
    ["no reason", { reasons: [] }, "found no principal reason"],
    [
      "an outcome that changes nothing",
      { outcome: { action: "none" } as const },
      "changes nothing",
    ],
    [
      "a way back that is no reason",
      { wayBack: { zh: "以系统综合评估为准", en: "as assessed" } },
      'found forbidden phrase "综合评估" in zh',
    ],
  ])("refuses %s", (_, change, message) => {
    expect(() => wording.compose(parameters(cut, change))).toThrow(message);
  });
});

describe("forms", () => {
  test.each([
    [3_500_000, "CNY", "¥35,000"],
    [3_500_050, "CNY", "¥35,000.50"],
    [502_452_968_000, "TWD", "NT$5,024,529,680"],
    [0, "TWD", "NT$0"],
    [-5, "USD", "-US$0.05"],
    [1_000, "JPY", "JP¥1,000"],
    [123_456_789_00, "EUR", "€123,456,789"],
  ] as const)("%i %s is written %s", (amountMinor, currency, text) => {
    expect(amountForm(amountMinor, currency)).toBe(text);
  });

  test("dates are written in full", () => {
    expect(dateForm(day("2005-10-03"), "zh")).toBe("2005年10月3日");
    expect(dateForm(day("2005-10-03"), "en")).toBe("3 October 2005");
  });
});

test("no text file holds a forbidden phrase", () => {
  for (const language of languages) {
    const texts = JSON.parse(
      readFileSync(`${shippedTexts}notices.${language}.json`, "utf8"),
    ) as Record<string, string>;
    for (const text of Object.values(texts)) expect(forbiddenPhraseIn(text)).toBeNull();
  }
});
