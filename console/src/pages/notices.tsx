// Notices to customers and whether they arrived.
import type { ReactNode } from "react";
import { reads, type Filters, type Notice } from "../api/reads.ts";
import { noticeStates, options } from "../app/choices.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { Link } from "react-router";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { PartList } from "../parts/part-list.tsx";
import { ShortId } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";

const newestFirst = { order: "newest" } as const;

function useNoticeColumns(): readonly Column<Notice>[] {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  return [
    {
      key: "subject",
      title: t("notice.subject"),
      cell: ({ id, subject }) => <Link to={to.notice(id)}>{subject[language]}</Link>,
    },
    {
      key: "state",
      title: t("notice.state"),
      cell: ({ state }) => <StateTag group="noticeState" state={state} />,
    },
    { key: "channel", title: t("notice.channel"), cell: ({ channel }) => word("channel", channel) },
    {
      key: "attempts",
      title: t("notice.attempts"),
      figures: true,
      cell: ({ deliveries }) => deliveries.length,
    },
    {
      key: "issuedAt",
      title: t("notice.issuedAt"),
      cell: ({ issuedAt }) => <Moment at={issuedAt} />,
    },
    {
      key: "deliveredAt",
      title: t("notice.deliveredAt"),
      cell: ({ deliveredAt }) => <Moment at={deliveredAt} />,
    },
    {
      key: "effectiveOn",
      title: t("decision.effectiveOn"),
      cell: ({ effectiveOn }) => <Day date={effectiveOn} />,
    },
    {
      key: "decision",
      title: t("notice.decision"),
      cell: ({ decisionId }) => <ShortId id={decisionId} path={to.decision(decisionId)} />,
    },
  ];
}

/** The notices to one customer, inside the customer's page. */
export function NoticesOf({ filters }: Readonly<{ filters: Filters }>): ReactNode {
  const t = useText();
  return (
    <PartList<Notice>
      caption={t("nav.notices")}
      queryKey={["notices", "part"]}
      read={reads.notices}
      filters={{ ...newestFirst, ...filters }}
      columns={useNoticeColumns()}
      keyOf={({ id }) => id}
      path="/v1/notices"
      empty="notices.none"
    />
  );
}

export function NoticesPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "state",
      label: "notice.state",
      options: options(word, "noticeState", noticeStates),
    },
    { kind: "text", name: "channel", label: "notice.channel" },
    { kind: "text", name: "portfolio", label: "line.portfolio" },
    { kind: "text", name: "causeId", label: "decision.causeId" },
  ];
  return (
    <ListPage<Notice>
      title="nav.notices"
      about={t("notices.about")}
      kind="notices"
      read={reads.notices}
      columns={useNoticeColumns()}
      filters={filters}
      defaults={newestFirst}
      keyOf={({ id }) => id}
      path="/v1/notices"
      empty="notices.none"
    />
  );
}
