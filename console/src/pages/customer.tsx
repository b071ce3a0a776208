// One customer: who it is as far as this role may see, exposure, lines, linked customers, decisions, notices, and
// everything that happened over all lines.
import { Tabs } from "antd";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link, useParams } from "react-router";
import { reads, type Customer } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable } from "../parts/data-table.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { Answered } from "../parts/states.tsx";
import { CustomerProfilePanel } from "./customer-profile.tsx";
import { CustomerTimeline } from "./customer-timeline.tsx";
import { DecisionsOf } from "./decisions.tsx";
import { useLineColumns } from "./lines.tsx";
import { NoticesOf } from "./notices.tsx";
import { Reminders } from "./reminders.tsx";

export function CustomerPage(): ReactNode {
  const t = useText();
  const { id = "" } = useParams();
  const url = useFilters();
  const query = useRead(["customers", id], () => reads.customer(id));
  return (
    <Answered query={query}>
      {(customer: Customer) => (
        <Page title={customer.reference} about={t("line.customer")}>
          <div className="columns">
            <Profile customer={customer} />
            <Exposure customer={customer} />
          </div>
          <Panel title={t("nav.lines")}>
            <Lines customer={customer} />
          </Panel>
          <CustomerProfilePanel id={id} />
          <Tabs
            activeKey={url.get("tab") || "timeline"}
            onChange={(tab) => url.set({ tab })}
            items={[
              {
                key: "timeline",
                label: t("line.timeline"),
                children: <CustomerTimeline customerId={id} />,
              },
              {
                key: "decisions",
                label: t("nav.decisions"),
                children: <DecisionsOf filters={{ customerId: id }} />,
              },
              {
                key: "notices",
                label: t("nav.notices"),
                children: <NoticesOf filters={{ customerId: id }} />,
              },
              {
                key: "reminders",
                label: t("reminders.title"),
                children: <Reminders of={{ customerId: id }} />,
              },
            ]}
          />
        </Page>
      )}
    </Answered>
  );
}

function Profile({ customer }: Readonly<{ customer: Customer }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const identity = Object.entries(customer.identity ?? {});
  return (
    <Panel title={t("customer.profile")}>
      <Pairs
        pairs={[
          ...identity.map(([name, value]) => [word("identity", name), value ?? "–"] as const),
          [t("customer.language"), word("language", customer.language)],
          [
            t("customer.openDecisions"),
            <Link key="decisions" to={to.decisions({ customerId: customer.id })}>
              {intl.formatNumber(customer.openDecisions)}
            </Link>,
          ],
          [
            t("nav.notices"),
            <Link key="notices" to={to.notices({ customerId: customer.id })}>
              {intl.formatNumber(customer.notices)}
            </Link>,
          ],
        ]}
      />
      <h3>{t("customer.links")}</h3>
      {customer.links.length === 0 ? (
        <p className="quiet">{t("customer.noLinks")}</p>
      ) : (
        <ul className="marks">
          {customer.links.map(({ kind, customer: linked }) => (
            <li key={`${kind} ${linked.id}`}>
              {word("link", kind)} <Link to={to.customer(linked.id)}>{linked.reference}</Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Exposure({ customer }: Readonly<{ customer: Customer }>): ReactNode {
  const t = useText();
  return (
    <Panel title={t("customer.exposure")}>
      <DataTable
        caption={t("customer.exposure")}
        rows={customer.exposure}
        keyOf={({ currency }) => currency}
        columns={[
          { key: "lines", title: t("overview.lines"), figures: true, cell: ({ lines }) => lines },
          moneyColumn<Customer["exposure"][number]>({
            key: "limit",
            title: t("line.limit"),
            of: ({ limit }) => limit,
          }),
          moneyColumn<Customer["exposure"][number]>({
            key: "drawn",
            title: t("line.drawn"),
            of: ({ drawn }) => drawn,
          }),
          moneyColumn<Customer["exposure"][number]>({
            key: "available",
            title: t("line.available"),
            of: ({ available }) => available,
          }),
        ]}
      />
    </Panel>
  );
}

function Lines({ customer }: Readonly<{ customer: Customer }>): ReactNode {
  const t = useText();
  const columns = useLineColumns().filter(({ key }) => key !== "customer");
  return (
    <DataTable
      caption={t("nav.lines")}
      columns={columns}
      rows={customer.lines}
      keyOf={({ id }) => id}
    />
  );
}
