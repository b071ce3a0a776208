// A list as part of another page: rows from the server page by page, the export of all of them, and the states beside
// them. The address belongs to the page around it, so the place in such a list is kept here.
import { useState, type ReactNode } from "react";
import type { Filters } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText, type TextKey } from "../app/text.ts";
import { DataTable, type Column } from "./data-table.tsx";
import { ExportButton } from "./export-button.tsx";
import { Pager, type Rows } from "./list-page.tsx";
import { Answered, Nothing } from "./states.tsx";

const pageSize = "20";

type PartListProps<Row> = Readonly<{
  caption: string;
  /** begins with the kind of thing */
  queryKey: readonly unknown[];
  read: (filters: Filters) => Promise<Rows<Row>>;
  /** what is asked on every page */
  filters?: Filters;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  /** address of the list on the server, for the export; absent: one page is all there is, or is taken along by itself */
  path?: string;
  empty: TextKey;
}>;

const noFilters: Filters = {};

export function PartList<Row>(props: PartListProps<Row>): ReactNode {
  const { caption, queryKey, read, filters = noFilters, columns, keyOf, path, empty } = props;
  const t = useText();
  const [trail, setTrail] = useState<readonly string[]>([]);
  const after = trail.at(-1);
  const asked = { limit: pageSize, ...filters, ...(after === undefined ? {} : { after }) };
  const query = useRead([...queryKey, asked], () => read(asked), { keep: true });
  const places = {
    next: (cursor: string) => setTrail([...trail, cursor]),
    previous: after === undefined ? null : () => setTrail(trail.slice(0, -1)),
  };
  return (
    <Answered query={query}>
      {({ data, next }) =>
        data.length === 0 && after === undefined ? (
          <Nothing>{t(empty)}</Nothing>
        ) : (
          <>
            <DataTable {...{ caption, columns, keyOf }} rows={data} partly={path !== undefined} />
            <div className="part-end">
              {path !== undefined && <ExportButton path={path} filters={filters} />}
              {(next !== null || after !== undefined) && (
                <Pager url={places} next={next} shown={data.length} />
              )}
            </div>
          </>
        )
      }
    </Answered>
  );
}
