// A letter is the same bytes wherever and whenever it is made, and its parts are marked for those who hear it read.

import { spawnSync } from "node:child_process";
import { inflateSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { languages } from "../../domain/text.ts";
import { noticeOf } from "../../../test/support/notice.ts";
import { letterPdf, type Letter } from "./letter.ts";

const paragraph = "您目前已用 ¥12,000。You use ¥12,000 at the moment. ";
const letter: Letter = {
  notice: noticeOf({
    body: {
      zh: `您好\n\n原因\n1. 负债相对收入过高\n\n影响\n${paragraph.repeat(120)}`,
      en: `Hello\n\nWhy\n1. Excessive obligations\n\nMeaning\n${paragraph.repeat(120)}`,
    },
  }),
  language: "zh",
  lender: "示例消费金融",
  recipient: ["王小明", "示例路 3 号"],
};

/** The streams of a PDF, unpacked, and the rest as it stands. */
function contentsOf(pdf: Buffer): string {
  const text = pdf.toString("latin1");
  return text.replaceAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g, (whole, bytes: string) => {
    try {
      return inflateSync(Buffer.from(bytes, "latin1")).toString("latin1");
    } catch {
      return whole;
    }
  });
}

describe("letterPdf", () => {
  test.each(languages)("in %s is the same bytes twice, over several pages", async (language) => {
    const first = await letterPdf({ ...letter, language });
    expect(first.equals(await letterPdf({ ...letter, language }))).toBe(true);
    expect(first.subarray(0, 8).toString("latin1")).toBe("%PDF-1.7");
    expect(contentsOf(first)).toMatch(/\/Count [2-9]/);
  });

  test("is the same bytes in another time zone and locale", async () => {
    const here = (await letterPdf(letter)).toString("base64");
    const script = `
      const { letterPdf } = await import("./letter.ts");
      process.stdout.write((await letterPdf(JSON.parse(process.argv[1]))).toString("base64"));`;
    const input = JSON.stringify(letter);
    const there = spawnSync(process.execPath, ["--input-type=module", "-e", script, input], {
      cwd: fileURLToPath(new URL(".", import.meta.url)),
      env: { ...process.env, TZ: "Pacific/Kiritimati", LC_ALL: "ar_EG.UTF-8", LANG: "ar_EG.UTF-8" },
      encoding: "utf8",
    });
    expect(there.stdout).toBe(here);
  });

  test("is tagged: language, title, headings, paragraphs, and page numbers that are no text", async () => {
    const said = contentsOf(await letterPdf(letter));
    expect(said).toContain("/Lang (zh-CN)");
    expect(said).toContain("/Marked true");
    expect(said).toContain("/DisplayDocTitle true");
    for (const tag of ["/S /Document", "/S /H1", "/S /H2", "/S /P"]) expect(said).toContain(tag);
    expect(said).toContain("/Artifact");
  });

  test("differs where the notice, its language or the recipient differs", async () => {
    const made = await Promise.all([
      letterPdf(letter),
      letterPdf({ ...letter, language: "en" }),
      letterPdf({ ...letter, recipient: [] }),
      letterPdf({ ...letter, notice: noticeOf() }),
    ]);
    expect(new Set(made.map((bytes) => bytes.toString("base64"))).size).toBe(4);
  });
});
