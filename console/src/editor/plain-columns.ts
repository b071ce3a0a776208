// Columns that many grids have: the id, a name in both languages, and fields whose name in the document is their title,
// because what the document calls them is what analysts call them.
import type { Say } from "../app/text.ts";
import type { SheetColumn } from "./sheet.ts";

export const noLabel = { zh: "", en: "" };

/** A name in both languages. */
export function labels(t: Say, width: number): readonly SheetColumn[] {
  return [
    { at: ["label", "zh"], title: t("editor.labelZh"), name: "label.zh", width },
    { at: ["label", "en"], title: t("editor.labelEn"), name: "label.en", width },
  ];
}

/** Id and name. */
export function named(t: Say, width = 180): readonly SheetColumn[] {
  return [{ at: ["id"], title: t("editor.id"), name: "id", width: 150 }, ...labels(t, width)];
}

/** A column under the field's own name; dots lead into it. */
export function plain(
  name: string,
  width: number,
  more: Pick<SheetColumn, "form" | "offers" | "optional"> = {},
): SheetColumn {
  return { at: name.split("."), title: name, width, ...more };
}
