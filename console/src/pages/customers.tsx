// Finding a customer: by the lender's own reference or, for roles that may, by what identifies the person. Names and
// numbers are looked up exactly, through indexes that do not hold them.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type CustomerRow } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";

export function CustomersPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const columns: readonly Column<CustomerRow>[] = [
    {
      key: "reference",
      title: t("customer.reference"),
      cell: ({ id, reference }) => <Link to={to.customer(id)}>{reference}</Link>,
    },
    { key: "lines", title: t("overview.lines"), figures: true, cell: ({ lines }) => lines },
    ...(["limit", "drawn", "available"] as const).map((name) => ({
      key: name,
      title: t(`line.${name}`),
      figures: true,
      cell: ({ exposure }: CustomerRow) =>
        exposure.map((one) => <Amount key={one.currency} money={one[name]} />),
    })),
    {
      key: "language",
      title: t("customer.language"),
      cell: ({ language }) => word("language", language),
    },
  ];
  const filters: readonly Filter[] = [
    { kind: "text", name: "reference", label: "customer.reference" },
    { kind: "text", name: "lineReference", label: "line.reference" },
    { kind: "text", name: "name", label: "customer.name" },
    { kind: "text", name: "phone", label: "customer.phone" },
  ];
  return (
    <ListPage<CustomerRow>
      title="nav.customers"
      about={t("customers.about")}
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
