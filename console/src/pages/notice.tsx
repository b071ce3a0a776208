// One notice exactly as the customer got it, in both languages side by side, because it is evidence of what was said.
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads, type Notice } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
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
  const both = language === "zh" ? (["zh", "en"] as const) : (["en", "zh"] as const);
  return (
    <Page
      title={notice.subject[language]}
      about={
        <>
          <StateTag group="noticeState" state={notice.state} />{" "}
          <Link to={to.decision(notice.decisionId)}>{t("notice.decision")}</Link> ·{" "}
          <Link to={to.line(notice.lineId)}>{t("decision.line")}</Link> ·{" "}
          <Link to={to.customer(notice.customerId)}>{t("line.customer")}</Link>
        </>
      }
    >
      <Delivery notice={notice} />
      <div className="columns">
        {both.map((one) => (
          <Panel key={one} title={t(one === "zh" ? "notice.inChinese" : "notice.inEnglish")}>
            <article lang={one === "zh" ? "zh-CN" : "en"} className="letter">
              <h3>{notice.subject[one]}</h3>
              <p>{notice.body[one]}</p>
            </article>
          </Panel>
        ))}
      </div>
    </Page>
  );
}

function Delivery({ notice }: Readonly<{ notice: Notice }>): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <Panel title={t("notice.delivery")}>
      <Pairs
        pairs={[
          [t("notice.channel"), word("channel", notice.channel)],
          [t("notice.attempts"), notice.deliveries.length],
          [t("notice.issuedAt"), <Moment key="issued" at={notice.issuedAt} />],
          [t("notice.deliveredAt"), <Moment key="delivered" at={notice.deliveredAt} />],
          [t("decision.effectiveOn"), <Day key="effective" date={notice.effectiveOn} />],
          [t("notice.pack"), `${notice.pack.id} v${notice.pack.version}`],
          [
            t("why.reasons"),
            notice.reasons.map(({ code, text }) => `${text} (${code})`).join(t("app.listComma")),
          ],
        ]}
      />
    </Panel>
  );
}
