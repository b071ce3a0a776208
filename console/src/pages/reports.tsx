// Kept reports, newest first.
import { FileAddOutlined } from "@ant-design/icons";
import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import { changes } from "../api/changes.ts";
import { reads, type ReportSummary } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { HashMark } from "../parts/short-id.tsx";
import { TransparencyPanel } from "./transparency.tsx";

function useReportColumns(): readonly Column<ReportSummary>[] {
  const t = useText();
  const word = useWord();
  return [
    {
      key: "asOf",
      title: t("line.asOf"),
      cell: ({ id, asOf }) => (
        <Link to={to.report(id)}>
          <Day date={asOf} />
        </Link>
      ),
    },
    {
      key: "read",
      title: t("report.read"),
      cell: ({ read }) => (read ? t("report.isRead") : <strong>{t("report.isNew")}</strong>),
    },
    { key: "kind", title: t("report.kind"), cell: ({ kind }) => word("reportKind", kind) },
    {
      key: "portfolio",
      title: t("line.portfolio"),
      cell: ({ portfolio }) => portfolio ?? t("sweep.everything"),
    },
    { key: "madeAt", title: t("report.madeAt"), cell: ({ madeAt }) => <Moment at={madeAt} /> },
    {
      key: "hash",
      title: t("strategy.hash"),
      cell: ({ hash }) => <HashMark hash={hash} />,
    },
  ];
}

const filters: readonly Filter[] = [
  { kind: "date", name: "asOf", label: "line.asOf" },
  { kind: "text", name: "portfolio", label: "line.portfolio" },
];

export function ReportsPage(): ReactNode {
  const t = useText();
  return (
    <ListPage<ReportSummary>
      title="nav.reports"
      about={t("reports.about")}
      actions={<MakeReport />}
      above={<TransparencyPanel />}
      kind="reports"
      read={reads.reports}
      columns={useReportColumns()}
      filters={filters}
      keyOf={({ id }) => id}
      path="/v1/reports"
      empty="reports.none"
    />
  );
}

function MakeReport(): ReactNode {
  const t = useText();
  const { installation } = useSession();
  const [open, setOpen] = useState(false);
  const { today } = installation;
  return (
    <>
      <ActButton
        operation="makeReport"
        look={{ type: "primary", icon: <FileAddOutlined /> }}
        onAct={() => setOpen(true)}
      >
        {t("report.make")}
      </ActButton>
      <Dialog
        open={open}
        title={t("report.make")}
        stale={["reports", "work"]}
        onClose={() => setOpen(false)}
        send={(key) => changes.makeReport({ key }, { asOf: today })}
      >
        <p>
          {t("report.makeAbout")} <Day date={today} />
        </p>
      </Dialog>
    </>
  );
}
