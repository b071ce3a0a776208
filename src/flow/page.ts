// Lists come in pages, whatever they list.

/** A page of rows; `next` is the cursor of the following page, null at the end. */
export type Page<Row> = Readonly<{ rows: readonly Row[]; next: string | null }>;

/** `newestFirst` turns the order of a list in time around; a cursor continues only the order it came from. */
export type PageRequest = Readonly<{
  after: string | null;
  limit: number;
  newestFirst?: boolean | undefined;
}>;
