// The cases of the queue as a list to go through: what is asked, by when, and how many must still agree.
import { useQueries } from "@tanstack/react-query";
import { Checkbox } from "antd";
import { useEffect, useRef, type ReactNode } from "react";
import { reads, type ReviewCase } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useSession } from "../app/session.tsx";
import { useText, useWord } from "../app/text.ts";
import { Moment } from "../parts/moment.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";

type ReviewListProps = Readonly<{
  rows: readonly ReviewCase[];
  current: string | null;
  /** ids of the cases that are worked on together */
  chosen: ReadonlySet<string>;
  onPick: (id: string) => void;
  onChoose: (chosen: ReadonlySet<string>) => void;
}>;

export function ReviewList(props: ReviewListProps): ReactNode {
  const { rows, current, chosen, onPick, onChoose } = props;
  const t = useText();
  const { language } = useLook();
  const list = useRef<HTMLUListElement>(null);
  const decisions = useQueries({
    queries: rows.map(({ decisionId }) => ({
      queryKey: ["decisions", language, decisionId],
      queryFn: () => reads.decision(decisionId),
    })),
  });
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const open = rows.filter(({ state }) => state === "open");
  return (
    <>
      {open.length > 0 && (
        <Checkbox
          checked={open.every(({ id }) => chosen.has(id))}
          onChange={({ target }) =>
            onChoose(new Set(target.checked ? open.map(({ id }) => id) : []))
          }
        >
          {t("bulk.selectAll")}
        </Checkbox>
      )}
      <ul className="cases" ref={list} aria-label={t("nav.reviews")}>
        {rows.map((review, at) => {
          const outcome = decisions[at]?.data?.outcome;
          return (
            <li key={review.id} className="case-row">
              <Choice review={review} chosen={chosen} onChoose={onChoose} />
              <button
                type="button"
                className="case"
                {...(review.id === current ? { "aria-current": "true" as const } : {})}
                onClick={() => onPick(review.id)}
              >
                <span className="case-what">
                  {outcome === undefined ? "…" : <OutcomeText outcome={outcome} />}
                </span>
                <CaseWhen review={review} />
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

type ChoiceProps = Readonly<{
  review: ReviewCase;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}>;

function Choice({ review, chosen, onChoose }: ChoiceProps): ReactNode {
  const t = useText();
  const { id } = review;
  return (
    <Checkbox
      aria-label={t("bulk.select", { outcome: id.slice(-8) })}
      disabled={review.state !== "open"}
      checked={chosen.has(id)}
      onChange={({ target }) => {
        const next = new Set(chosen);
        if (target.checked) next.add(id);
        else next.delete(id);
        onChoose(next);
      }}
    />
  );
}

function CaseWhen({ review }: Readonly<{ review: ReviewCase }>): ReactNode {
  const t = useText();
  const { installation } = useSession();
  const word = useWord();
  return (
    <span className="case-when quiet">
      {review.state === "open" ? (
        <>
          {word("route", review.route)} · {t("review.due")} <Moment at={review.dueAt} /> ·{" "}
          {review.approvals.length}/{review.approvalsNeeded}
          {review.priority !== "normal" && <> · {word("priority", review.priority)}</>}
          {review.dueAt < installation.now && <> · {t("review.late")}</>}
          {review.escalatedAt !== null && <> · {t("review.escalated")}</>}
          {review.assignedTo !== null && (
            <>
              {" · "}
              <Who id={review.assignedTo} />
            </>
          )}
          {review.snooze !== null && (
            <> · {t("review.snoozedUntil", { date: review.snooze.until })}</>
          )}
        </>
      ) : (
        <StateTag group="resolution" state={review.resolution ?? "resolved"} />
      )}
    </span>
  );
}
