// PDF documents that are the same bytes each time: one font that has Chinese and Latin glyphs, and dates that are the
// document's own and not the moment of writing.

import { createRequire } from "node:module";
import PdfDocument from "pdfkit";
import type { Language } from "../domain/text.ts";

const require = createRequire(import.meta.url);
const font =
  require.resolve("@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf");

export type Pdf = InstanceType<typeof PdfDocument>;

/** What a document says of itself. `at`: milliseconds since 1970, the dates inside the file. */
export type PdfAbout = Readonly<{
  title: string;
  author: string;
  language: Language;
  at: number;
  margin: number;
  /** its parts are marked as headings and paragraphs, for those who hear it read */
  tagged?: boolean;
}>;

/** An A4 document without pages numbered yet; listen with {@link pdfBytes} before it ends. */
export function openPdf({ title, author, language, at, margin, tagged = false }: PdfAbout): Pdf {
  const made = new Date(at);
  return new PdfDocument({
    ...{ size: "A4", margin, bufferPages: true, font, displayTitle: true, pdfVersion: "1.7" },
    ...{ tagged, lang: language === "zh" ? "zh-CN" : "en" },
    info: { Title: title, Author: author, CreationDate: made, ModDate: made },
  });
}

/** Resolves with the whole file once the document has ended. */
export function pdfBytes(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
    pdf.on("end", () => resolve(Buffer.concat(chunks)));
    pdf.on("error", reject);
  });
}
