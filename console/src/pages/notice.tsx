// One notice exactly as the customer got it, in both languages side by side, because it is evidence of what was said.
import { useState, type ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads, type Notice, type NoticeDelivery } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";

export function NoticePage(): ReactNode {
  const { id = "" } = useParams();
  const query = useRead(["notices", id], () => reads.notice(id));
  return <Answered query={query}>{(notice) => <OfNotice notice={notice} />}</Answered>;
}

function OfNotice({ notice }: Readonly<{ notice: Notice }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  return (
    <Page
      title={notice.subject[language]}
      about={
        <>
          <StateTag group="noticeState" state={notice.state} />{" "}
          <Link to={to.decision(notice.decisionId)}>{t("notice.decision")}</Link> ·{" "}
          <Link to={to.line(notice.lineId)}>{t("decision.line")}</Link> ·{" "}
          <Link to={to.customer(notice.customerId)}>{t("line.customer")}</Link> ·{" "}
          <a
            href={`/v1/notices/${notice.id}/letter?lang=${language}`}
            target="_blank"
            rel="noreferrer"
          >
            {t("notice.letter")}
          </a>
        </>
      }
    >
      <Delivery notice={notice} />
      <Attempts notice={notice} />
      <BothLanguages said={notice} />
      <Preview notice={notice} />
    </Page>
  );
}

function BothLanguages({
  said,
}: Readonly<{ said: Pick<Notice, "subject" | "short" | "body"> }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  const both = language === "zh" ? (["zh", "en"] as const) : (["en", "zh"] as const);
  return (
    <div className="columns">
      {both.map((one) => (
        <Panel key={one} title={t(one === "zh" ? "notice.inChinese" : "notice.inEnglish")}>
          <article lang={one === "zh" ? "zh-CN" : "en"} className="letter">
            <h3>{said.subject[one]}</h3>
            <p>{said.body[one]}</p>
            <h4>{t("notice.short")}</h4>
            <p>{said.short[one]}</p>
          </article>
        </Panel>
      ))}
    </div>
  );
}

/** Every attempt to reach the customer, and what became of it. */
function Attempts({ notice }: Readonly<{ notice: Notice }>): ReactNode {
  const t = useText();
  const word = useWord();
  const columns: readonly Column<NoticeDelivery>[] = [
    { key: "channel", title: t("notice.channel"), cell: ({ channel }) => word("channel", channel) },
    {
      key: "state",
      title: t("notice.state"),
      cell: ({ state }) => <StateTag group="deliveryState" state={state} />,
    },
    {
      key: "notBefore",
      title: t("notice.notBefore"),
      cell: ({ notBefore }) => <Moment at={notBefore} />,
    },
    { key: "sentAt", title: t("notice.sentAt"), cell: ({ sentAt }) => <Moment at={sentAt} /> },
    {
      key: "settledAt",
      title: t("notice.settledAt"),
      cell: ({ settledAt }) => <Moment at={settledAt} />,
    },
    { key: "because", title: t("notice.because"), cell: ({ because }) => because ?? "–" },
    {
      key: "proof",
      title: t("notice.proof"),
      cell: ({ reference, contentHash }) => (
        <span title={contentHash ?? undefined}>
          {reference ?? contentHash?.slice(0, 12) ?? "–"}
        </span>
      ),
    },
  ];
  return (
    <Panel title={t("notice.attempts")}>
      <DataTable
        caption={t("notice.attempts")}
        columns={columns}
        rows={notice.deliveries}
        keyOf={({ id }) => id}
      />
    </Panel>
  );
}

/** The same decision in the words of another version, for who approves them. Nothing where there is only one version. */
function Preview({ notice }: Readonly<{ notice: Notice }>): ReactNode {
  const query = useRead(["notice-texts"], reads.noticeTexts);
  const others = (query.data?.data ?? []).filter(({ version }) => version !== notice.textsVersion);
  const [chosen, choose] = useState<number | null>(null);
  const t = useText();
  const word = useWord();
  if (others.length === 0) return null;
  return (
    <>
      <Panel title={t("notice.preview")}>
        <p>
          {others.map(({ version, state }) => (
            <button
              key={version}
              type="button"
              aria-pressed={chosen === version}
              onClick={() => choose(version)}
            >
              {t("notice.version", { version })} ({word("textsState", state)})
            </button>
          ))}
        </p>
      </Panel>
      {chosen !== null && <PreviewOf version={chosen} decisionId={notice.decisionId} />}
    </>
  );
}

function PreviewOf({
  version,
  decisionId,
}: Readonly<{ version: number; decisionId: string }>): ReactNode {
  const query = useRead(["notice-texts", version, decisionId], () =>
    reads.noticePreview(version, decisionId),
  );
  return <Answered query={query}>{(said) => <BothLanguages said={said} />}</Answered>;
}

function Delivery({ notice }: Readonly<{ notice: Notice }>): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <Panel title={t("notice.delivery")}>
      <Pairs
        pairs={[
          [t("notice.channel"), word("channel", notice.channel)],
          [t("notice.issuedAt"), <Moment key="issued" at={notice.issuedAt} />],
          [t("notice.deliveredAt"), <Moment key="delivered" at={notice.deliveredAt} />],
          [t("decision.effectiveOn"), <Day key="effective" date={notice.effectiveOn} />],
          [t("notice.pack"), `${notice.pack.id} v${notice.pack.version}`],
          [t("notice.texts"), notice.textsVersion],
          [
            t("why.reasons"),
            notice.reasons.map(({ code, text }) => `${text} (${code})`).join(t("app.listComma")),
          ],
        ]}
      />
    </Panel>
  );
}
