// Lists come in pages, whatever they list.

/** A page of rows; `next` is the cursor of the following page, null at the end. */
export type Page<Row> = Readonly<{ rows: readonly Row[]; next: string | null }>;

/** `newestFirst` turns the order of a list in time around; a cursor continues only the order it came from. */
export type PageRequest = Readonly<{
  after: string | null;
  limit: number;
  newestFirst?: boolean | undefined;
}>;

type Read<Row> = (page: PageRequest) => Promise<Page<Row>>;

/** A whole list, up to `limit` rows at a time; the next page is read when it is asked for. */
export async function* pagesOf<Row>(
  read: Read<Row>,
  limit: number,
): AsyncGenerator<readonly Row[]> {
  let after: string | null = null;
  do {
    const page: Page<Row> = await read({ after, limit });
    yield page.rows;
    after = page.next;
  } while (after !== null);
}

/** All rows of a list that fits into memory. */
export async function allRows<Row>(read: Read<Row>, limit: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of pagesOf(read, limit)) rows.push(...page);
  return rows;
}
