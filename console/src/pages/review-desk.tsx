// The work on one case beside its verdict: who has it, whether it rests, what others think, notes and files.
import { useState, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { reads, type ReviewCase } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { moneyText } from "../parts/amount.tsx";
import { Moment } from "../parts/moment.tsx";
import { Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { DeskDialogs, type DeskAct } from "./review-desk-dialogs.tsx";
import { ReviewFiles } from "./review-files.tsx";
import { closedReason, lackReason, leads, takenReason } from "./review-lack.ts";

type OfCase = Readonly<{ review: ReviewCase }>;

export function ReviewDesk({ review }: OfCase): ReactNode {
  const t = useText();
  const [act, setAct] = useState<DeskAct | null>(null);
  return (
    <Panel title={t("review.work")} className="desk">
      <Standing review={review} />
      <DeskActs review={review} onAct={setAct} />
      <Opinions review={review} />
      <Notes review={review} />
      <ReviewFiles review={review} />
      <DeskDialogs review={review} act={act} onClose={() => setAct(null)} />
    </Panel>
  );
}

function Standing({ review }: OfCase): ReactNode {
  const t = useText();
  const intl = useIntl();
  const { assignedTo, snooze, escalatedAt } = review;
  return (
    <p>
      {t("review.assignedTo")}: {assignedTo === null ? t("review.nobody") : <Who id={assignedTo} />}
      {snooze !== null && (
        <>
          {" · "}
          {t("review.snoozedUntil", {
            date: intl.formatDate(`${snooze.until}T12:00:00Z`, { timeZone: "UTC" }),
          })}
          {": "}
          {snooze.reason}
        </>
      )}
      {escalatedAt !== null && (
        <>
          {" · "}
          {t("review.escalated")} <Moment at={escalatedAt} />
        </>
      )}
    </p>
  );
}

type ActsProps = OfCase & Readonly<{ onAct: (act: DeskAct) => void }>;

function DeskActs({ review, onAct }: ActsProps): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { me } = useSession();
  const told = { t, word, impact: moneyText(intl, review.impact) };
  const closed = closedReason(review, me, told);
  const taken = takenReason(review, me, told);
  const lead = leads(review.queue, me);
  const asked = review.opinions.some(({ askedOf, given }) => askedOf === me.id && given === null);
  const buttons = [
    ["takeReview", "take", closed ?? taken ?? lackReason(review, me, told)],
    [
      "releaseReview",
      "release",
      closed ?? (review.assignedTo === null ? t("review.notTaken") : lead ? null : taken),
    ],
    ["assignReview", "assign", closed ?? (lead ? null : t("review.notLead"))],
    ["snoozeReview", "snooze", closed ?? taken],
    ["askOpinion", "ask", closed ?? taken],
    [
      "giveOpinion",
      "answer",
      review.state === "open" ? (asked ? null : t("review.notAsked")) : t("review.isResolved"),
    ],
    ["noteReview", "noteAdd", null],
  ] as const;
  return (
    <div className="actions">
      {buttons.map(([operation, act, because]) => (
        <ActButton
          key={act}
          operation={operation}
          because={because}
          look={{ size: "small" }}
          onAct={() => onAct(act)}
        >
          {t(`review.${act}`)}
        </ActButton>
      ))}
    </div>
  );
}

function Opinions({ review }: OfCase): ReactNode {
  const t = useText();
  if (review.opinions.length === 0) return null;
  return (
    <>
      <h3>{t("review.opinions")}</h3>
      <ul className="marks">
        {review.opinions.map(({ askedOf, askedAt, question, given }) => (
          <li key={`${askedOf}${askedAt}`}>
            {question} – <Who id={askedOf} />{" "}
            {given === null ? (
              <span className="quiet">{t("review.waitsForAnswer")}</span>
            ) : (
              <>
                {t(given.agrees ? "review.agree" : "review.disagree")}: {given.reason}
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

function Notes({ review }: OfCase): ReactNode {
  const t = useText();
  const query = useRead(["reviews", review.id, "notes"], () => reads.reviewNotes(review.id));
  return (
    <>
      <h3>{t("review.notes")}</h3>
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("review.noNotes")}</Nothing>
          ) : (
            <ul className="marks">
              {data.map(({ by, at, text }) => (
                <li key={`${at}${text}`}>
                  {text}{" "}
                  <span className="quiet">
                    <Who id={by} /> <Moment at={at} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </>
  );
}
