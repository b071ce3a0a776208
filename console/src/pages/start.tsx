// The start page answers one question: what needs me now. The server says what, by role; each piece links to its rows.
import { CheckCircleOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { reads, type WorkItem } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { pathOf, to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { Answered } from "../parts/states.tsx";

const everyMs = 30_000;
const urgent = [
  "reviews-overdue",
  "executions-disputed",
  "outbox-stuck",
  "halts",
  "waves-held",
  "notices-escalated",
];

export function StartPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const { me } = useSession();
  const query = useRead(["work"], reads.work, { everyMs });
  const roles = me.roles.map((role) => word("role", role)).join(t("app.listComma"));
  return (
    <Page title={t("start.title")} about={t("start.about", { name: me.name[language], roles })}>
      <Answered query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <AllDone />
          ) : (
            <ul className="work">
              {items.map((item) => (
                <li key={item.kind}>
                  <Piece item={item} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Page>
  );
}

function Piece({ item }: Readonly<{ item: WorkItem }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const path = pathOf(item.link);
  const isUrgent = urgent.includes(item.kind);
  return (
    <Link to={path} className={isUrgent ? "piece piece-urgent" : "piece"}>
      <span className="piece-count">{intl.formatNumber(item.count)}</span>
      <span className="piece-words">
        <strong>{word("work", item.kind)}</strong>
        <span className="quiet">
          {(item.amount ?? []).map((money) => (
            <span key={money.currency}>
              <Amount money={money} whole />{" "}
            </span>
          ))}
          {item.oldestAt !== null && (
            <>
              {t("start.oldest")} <Moment at={item.oldestAt} />
            </>
          )}
        </span>
      </span>
      <span aria-hidden="true">→</span>
    </Link>
  );
}

function AllDone(): ReactNode {
  const t = useText();
  return (
    <div className="all-done">
      <CheckCircleOutlined aria-hidden="true" />
      <p>{t("start.nothing")}</p>
      <p>
        <Link to={to.overview()}>{t("nav.overview")}</Link> ·{" "}
        <Link to={to.decisions()}>{t("nav.decisions")}</Link>
      </p>
    </div>
  );
}
