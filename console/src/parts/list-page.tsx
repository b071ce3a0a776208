// Every list of the console: filters in the address, rows from the server page by page, sorting, export, and the states
// beside the rows.
import { Button } from "antd";
import type { ReactNode } from "react";
import type { Filters } from "../api/reads.ts";
import { useFilters, type UrlFilters } from "../app/filters.ts";
import { useRead } from "../app/read.ts";
import { useText, type TextKey } from "../app/text.ts";
import { DataTable, type Column } from "./data-table.tsx";
import { ExportButton } from "./export-button.tsx";
import { FilterBar, type Filter } from "./filter-bar.tsx";
import { Page } from "./page.tsx";
import { Answered, Nothing } from "./states.tsx";

export type Rows<Row> = Readonly<{ data: readonly Row[]; next: string | null }>;

type ListPageProps<Row> = Readonly<{
  title: TextKey;
  about?: ReactNode;
  actions?: ReactNode;
  /** stands over the filters */
  above?: ReactNode;
  /** kind of thing, first word of the query's key */
  kind: string;
  read: (filters: Filters) => Promise<Rows<Row>>;
  columns: readonly Column<Row>[];
  filters: readonly Filter[];
  /** what is asked where the address says nothing */
  defaults?: Filters;
  keyOf: (row: Row) => string;
  /** address of the list on the server, for the export; absent: the server gives all rows at once */
  path?: string;
  empty: TextKey;
}>;

export function ListPage<Row>(props: ListPageProps<Row>): ReactNode {
  const t = useText();
  const url = useFilters(props.defaults);
  const { kind, read, columns, keyOf, path } = props;
  const query = useRead([kind, "list", url.asked], () => read(url.asked), { keep: true });
  const frame = { title: t(props.title), about: props.about, actions: props.actions };
  const sorting = { by: url.get("sort"), onSort: (by: string) => url.set({ sort: by }) };
  return (
    <Page {...frame}>
      {props.above}
      <FilterBar filters={props.filters} url={url}>
        {path !== undefined && <ExportButton path={path} filters={url.asked} />}
      </FilterBar>
      <Answered query={query}>
        {({ data, next }) =>
          data.length === 0 && url.previous === null ? (
            <Nothing>{t(props.empty)}</Nothing>
          ) : (
            <div className={query.isPlaceholderData ? "stale" : undefined}>
              <DataTable
                caption={t(props.title)}
                columns={columns}
                rows={data}
                keyOf={keyOf}
                sorting={sorting}
                partly={path !== undefined}
              />
              <Pager url={url} next={next} shown={data.length} />
            </div>
          )
        }
      </Answered>
    </Page>
  );
}

type PagerProps = Readonly<{
  /** how the page before and the next one are reached */
  url: Pick<UrlFilters, "next" | "previous">;
  next: string | null;
  shown: number;
}>;

export function Pager({ url, next, shown }: PagerProps): ReactNode {
  const t = useText();
  return (
    <nav className="pager" aria-label={t("list.pages")}>
      <span className="quiet">{t("list.shown", { count: shown })}</span>
      <Button disabled={url.previous === null} onClick={() => url.previous?.()}>
        {t("list.previous")}
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && url.next(next)}>
        {t("list.next")}
      </Button>
    </nav>
  );
}
