// Finding a customer: by the lender's own reference or, for roles that may, by what identifies the person. Names and
// numbers are looked up exactly, through indexes that do not hold them.
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { reads, type CustomerRow, type FindCustomers } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Page } from "../parts/page.tsx";
import { PersonSearch } from "../parts/person-search.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

function useColumns(): readonly Column<CustomerRow>[] {
  const t = useText();
  const word = useWord();
  return [
    {
      key: "reference",
      title: t("customer.reference"),
      cell: ({ id, reference }) => <Link to={to.customer(id)}>{reference}</Link>,
    },
    {
      key: "lines",
      title: t("overview.lines"),
      figures: true,
      cell: ({ id, lines }) => <Link to={to.customer(id)}>{lines}</Link>,
    },
    ...(["limit", "drawn", "available"] as const).map((name) =>
      moneyColumn<CustomerRow>({
        key: name,
        title: t(`line.${name}`),
        of: ({ exposure }) => exposure.map((one) => one[name]),
      }),
    ),
    {
      key: "language",
      title: t("customer.language"),
      cell: ({ language }) => word("language", language),
    },
  ];
}

const filters: readonly Filter[] = [
  { kind: "text", name: "reference", label: "customer.reference" },
  { kind: "text", name: "lineReference", label: "line.reference" },
];

export function CustomersPage(): ReactNode {
  const t = useText();
  const columns = useColumns();
  const [person, setPerson] = useState<FindCustomers | null>(null);
  const search = <PersonSearch found={person} onFind={setPerson} />;
  if (person !== null) {
    return (
      <Page title={t("nav.customers")} about={t("customers.about")}>
        {search}
        <FoundCustomers key={`${person.field} ${person.text}`} person={person} columns={columns} />
      </Page>
    );
  }
  return (
    <ListPage<CustomerRow>
      title="nav.customers"
      about={t("customers.about")}
      above={search}
      kind="customers"
      read={reads.customers}
      columns={columns}
      filters={filters}
      keyOf={({ id }) => id}
      path="/v1/customers"
      empty="customers.none"
    />
  );
}

type FoundProps = Readonly<{ person: FindCustomers; columns: readonly Column<CustomerRow>[] }>;

function FoundCustomers({ person, columns }: FoundProps): ReactNode {
  const t = useText();
  const [after, setAfter] = useState<string | null>(null);
  const query = useRead(["customers", "found", person, after], () =>
    reads.findCustomers(person, after),
  );
  return (
    <Answered query={query}>
      {({ data, next }) =>
        data.length === 0 ? (
          <Nothing>{t("customers.none")}</Nothing>
        ) : (
          <>
            <DataTable
              caption={t("nav.customers")}
              columns={columns}
              rows={data}
              keyOf={({ id }) => id}
            />
            {next !== null && <Button onClick={() => setAfter(next)}>{t("list.next")}</Button>}
          </>
        )
      }
    </Answered>
  );
}
