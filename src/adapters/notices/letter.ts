// A notice as a letter: the same words on A4, tagged for those who hear it read, and the same bytes each time it is
// made, so that a hash proves what was sent.

import type { Notice } from "../../domain/notice.ts";
import type { Language } from "../../domain/text.ts";
import type { Pdf } from "../pdf-document.ts";

const margin = 64;
const ink = "#1b2330";
const soft = "#56606e";

/** What a letter is made from. `recipient` are the lines above the text; none in a copy for the files. */
export type Letter = Readonly<{
  notice: Pick<Notice, "id" | "subject" | "body" | "issuedAt">;
  language: Language;
  lender: string;
  recipient: readonly string[];
}>;

/** The letter as PDF 1.7. Nothing of it depends on machine, time or locale. */
export async function letterPdf({ notice, language, lender, recipient }: Letter): Promise<Buffer> {
  // Few processes write letters: what draws them is loaded with the first one.
  const { openPdf, pdfBytes } = await import("../pdf-document.ts");
  const title = notice.subject[language];
  const at = Date.parse(notice.issuedAt);
  const pdf = openPdf({ title, author: lender, language, at, margin, tagged: true });
  const bytes = pdfBytes(pdf);
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  const add = (tag: string, size: number, text: string, gap: number, colour = ink): void => {
    root.add(
      pdf.struct(tag, {}, () => {
        pdf.moveDown(gap).fontSize(size).fillColor(colour).text(text, { lineGap: 2 });
      }),
    );
  };
  add("P", 9, lender, 0, soft);
  if (recipient.length > 0) add("P", 10.5, recipient.join("\n"), 1.5);
  add("H1", 15, title, 1.2);
  for (const block of notice.body[language].split("\n\n")) {
    const [first = "", ...rest] = block.split("\n");
    if (rest.length === 0) add("P", 10.5, first, 0.7);
    else {
      keepTogether(pdf);
      add("H2", 11.5, first, 0.8);
      for (const line of rest) add("P", 10.5, line, 0.15);
    }
  }
  root.end();
  markPages(pdf, notice.id);
  pdf.end();
  return bytes;
}

/** A heading never stands alone at the foot of a page. */
function keepTogether(pdf: Pdf): void {
  if (pdf.y + 70 > pdf.page.height - margin) pdf.addPage();
}

/** Page numbers and the notice's id belong to the page and not to the text. */
function markPages(pdf: Pdf, id: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Below the margin a text would start a new page.
    pdf.page.margins.bottom = 0;
    pdf.markContent("Artifact", { type: "Pagination" });
    pdf.fontSize(7.5).fillColor(soft);
    const place = { width: pdf.page.width - 2 * margin, align: "right", lineBreak: false } as const;
    pdf.text(`${id} · ${page + 1} / ${count}`, margin, pdf.page.height - 36, place);
    pdf.endMarkedContent();
  }
}
