// The words of notices, version by version: which are in force, who wrote and who approved them.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type NoticeTextsSummary } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";

export function NoticeTextsPage(): ReactNode {
  const t = useText();
  const columns = useColumns();
  const query = useRead(["notice-texts"], reads.noticeTexts);
  return (
    <Page title={t("nav.noticeTexts")} about={t("noticeTexts.about")}>
      <Answered query={query}>
        {({ data }) => (
          <DataTable
            caption={t("nav.noticeTexts")}
            columns={columns}
            rows={data}
            keyOf={({ version }) => String(version)}
          />
        )}
      </Answered>
    </Page>
  );
}

function useColumns(): readonly Column<NoticeTextsSummary>[] {
  const t = useText();
  return [
    {
      key: "version",
      title: t("noticeText.version"),
      cell: ({ version }) => (
        <Link to={to.noticeText(version)}>{t("notice.version", { version })}</Link>
      ),
    },
    {
      key: "state",
      title: t("noticeText.state"),
      cell: ({ state }) => <StateTag group="textsState" state={state} />,
    },
    {
      key: "inForce",
      title: t("noticeText.inForce"),
      cell: ({ inForce }) => (inForce ? t("noticeText.holds") : ""),
    },
    { key: "author", title: t("noticeText.author"), cell: ({ author }) => <Who id={author} /> },
    {
      key: "addedAt",
      title: t("noticeText.addedAt"),
      cell: ({ addedAt }) => <Moment at={addedAt} />,
    },
    {
      key: "approvedBy",
      title: t("noticeText.approvedBy"),
      cell: ({ approvedBy }) => <Who id={approvedBy} />,
    },
    {
      key: "approvedAt",
      title: t("noticeText.approvedAt"),
      cell: ({ approvedAt }) => <Moment at={approvedAt} />,
    },
  ];
}
