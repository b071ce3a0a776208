// The cases of the queue as a list to go through: what is asked, by when, and how many must still agree.
import { useQueries } from "@tanstack/react-query";
import { useEffect, useRef, type ReactNode } from "react";
import { reads, type ReviewCase } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useText, useWord } from "../app/text.ts";
import { Moment } from "../parts/moment.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { StateTag } from "../parts/state-tag.tsx";

type ReviewListProps = Readonly<{
  rows: readonly ReviewCase[];
  current: string | null;
  onPick: (id: string) => void;
}>;

export function ReviewList({ rows, current, onPick }: ReviewListProps): ReactNode {
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
  return (
    <ul className="cases" ref={list} aria-label={t("nav.reviews")}>
      {rows.map((review, at) => {
        const outcome = decisions[at]?.data?.outcome;
        return (
          <li key={review.id}>
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
  );
}

function CaseWhen({ review }: Readonly<{ review: ReviewCase }>): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <span className="case-when quiet">
      {review.state === "open" ? (
        <>
          {word("route", review.route)} · {t("review.due")} <Moment at={review.dueAt} /> ·{" "}
          {review.approvals.length}/{review.approvalsNeeded}
        </>
      ) : (
        <StateTag group="resolution" state={review.resolution ?? "resolved"} />
      )}
    </span>
  );
}
