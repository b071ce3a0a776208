// What happens, as it happens: signals coming in, and the decisions, reviews and notices that they lead to.
import { Button } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { feedTopics, useLiveFeed, type FeedRow } from "../app/live-feed.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page, Pairs } from "../parts/page.tsx";
import { ShortId, Who } from "../parts/short-id.tsx";
import { Nothing } from "../parts/states.tsx";

export function LivePage(): ReactNode {
  const t = useText();
  const word = useWord();
  const columns = useColumns();
  const [{ rows, held, counts, paused, missed }, act] = useLiveFeed();
  const button = (
    <Button onClick={() => act(paused ? "resume" : "pause")} aria-pressed={paused}>
      {paused ? t("live.resume", { count: held.length }) : t("live.pause")}
    </Button>
  );
  return (
    <Page title={t("nav.live")} about={t("live.about")} actions={button}>
      <Pairs pairs={feedTopics.map((topic) => [word("liveTopic", topic), counts[topic]])} />
      {missed && <p role="status">{t("live.missed")}</p>}
      {rows.length === 0 ? (
        <Nothing>{t("live.none")}</Nothing>
      ) : (
        <DataTable
          caption={t("nav.live")}
          columns={columns}
          rows={rows}
          keyOf={({ key }) => String(key)}
        />
      )}
    </Page>
  );
}

function useColumns(): readonly Column<FeedRow>[] {
  const t = useText();
  const word = useWord();
  return [
    { key: "at", title: t("live.at"), cell: ({ one }) => one && <Moment at={one.at} /> },
    { key: "topic", title: t("live.topic"), cell: ({ topic }) => word("liveTopic", topic) },
    { key: "what", title: t("live.what"), cell: (row) => <What row={row} /> },
    {
      key: "line",
      title: t("live.line"),
      cell: ({ one }) => one && <ShortId id={one.lineId} path={to.line(one.lineId)} />,
    },
    { key: "who", title: t("live.who"), cell: ({ one }) => one?.by && <Who id={one.by} /> },
  ];
}

/** What happened in words; a decision and a notice lead to their page. */
function What({ row: { topic, one, count, kinds } }: Readonly<{ row: FeedRow }>): ReactNode {
  const word = useWord();
  if (one === null) {
    const each = Object.entries(kinds).map(
      ([kind, number]) => `${word(topic === "signal" ? "signalType" : "event", kind)} ${number}`,
    );
    return (
      <>
        <strong className="figures">{count}</strong> {each.join(" · ")}
      </>
    );
  }
  if (one.type !== null) return word("signalType", one.type);
  const what = word("event", one.kind);
  if (topic === "decision" && one.kind.startsWith("Decision")) {
    return <Link to={to.decision(one.id)}>{what}</Link>;
  }
  return topic === "notice" ? <Link to={to.notice(one.id)}>{what}</Link> : what;
}
