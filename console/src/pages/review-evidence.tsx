// Everything that a reviewer needs on one screen: what is asked, whether it is still true, why, and what else is known
// of the line and the customer.
import { Alert } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Explanation } from "../api/explanation.ts";
import { reads, type Decision, type Line, type ReviewCase } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { ExplanationView } from "../parts/explanation.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { OutcomeText } from "../parts/outcome.tsx";
import { Pairs, Panel } from "../parts/page.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";
import { CorrectedFacts } from "./corrected-facts.tsx";
import { CustomerTimeline } from "./customer-timeline.tsx";
import { ReviewDesk } from "./review-desk.tsx";
import { ReviewActs, type Verdict } from "./review-acts.tsx";

type EvidenceProps = Readonly<{
  id: string;
  verdict: Verdict | null;
  onVerdict: (verdict: Verdict | null) => void;
  onDone: () => void;
}>;

export function ReviewEvidence(props: EvidenceProps): ReactNode {
  const { id } = props;
  const query = useRead(["reviews", id], () => reads.review(id));
  return <Answered query={query}>{(review) => <OfCase {...props} review={review} />}</Answered>;
}

type OfCaseProps = EvidenceProps & Readonly<{ review: ReviewCase }>;

function OfCase({ review, verdict, onVerdict, onDone }: OfCaseProps): ReactNode {
  const { decisionId, lineId } = review;
  const decision = useRead(["decisions", decisionId], () => reads.decision(decisionId));
  const line = useRead(["lines", lineId], () => reads.line(lineId));
  const why = useRead(["decisions", decisionId, "explanation"], () =>
    reads.explanation(decisionId),
  );
  return (
    <Answered query={decision}>
      {(decided) => (
        <Answered query={line}>
          {(now: Line) => (
            <>
              <Asked review={review} decision={decided} line={now}>
                <ReviewActs
                  review={review}
                  decision={decided}
                  line={now}
                  verdict={verdict}
                  onVerdict={onVerdict}
                  onDone={onDone}
                />
              </Asked>
              <ReviewDesk review={review} />
              {review.appeal !== null && <CorrectedFacts decision={decided} />}
              <Answered query={why}>
                {(found) => <ExplanationView of={found as unknown as Explanation} />}
              </Answered>
              <History line={now} />
            </>
          )}
        </Answered>
      )}
    </Answered>
  );
}

type AskedProps = Readonly<{
  review: ReviewCase;
  decision: Decision;
  line: Line;
  children: ReactNode;
}>;

function Asked({ review, decision, line, children }: AskedProps): ReactNode {
  const t = useText();
  const stale =
    review.appeal === null && decision.lineVer !== undefined && decision.lineVer !== line.ver;
  return (
    <section className="panel asked" aria-label={t("review.asked")}>
      <div className="asked-head">
        <h2>
          <OutcomeText outcome={review.override?.outcome ?? decision.outcome} />
        </h2>
        <StateTag
          group={review.resolution === null ? "reviewState" : "resolution"}
          state={review.resolution ?? review.state}
        />
      </div>
      {stale && review.state === "open" && (
        <Alert
          type="warning"
          showIcon
          title={t("review.stale")}
          description={t("review.staleHelp", { then: decision.lineVer ?? 0, now: line.ver })}
        />
      )}
      {review.override !== null && <Proposed review={review} />}
      {review.appeal !== null && <Appealed appeal={review.appeal} review={review} />}
      <AskedPairs review={review} decision={decision} line={line} />
      {review.note !== null && (
        <p>
          {t("form.note")}: {review.note}
        </p>
      )}
      {children}
    </section>
  );
}

type AskedPairsProps = Readonly<{ review: ReviewCase; decision: Decision; line: Line }>;

function AskedPairs({ review, decision, line }: AskedPairsProps): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <Pairs
      pairs={[
        [
          t("decision.line"),
          <Link key="line" to={to.line(line.id)}>
            {line.reference}
          </Link>,
        ],
        [
          t("line.customer"),
          <Link key="customer" to={to.customer(line.customerId)}>
            {line.customerReference}
          </Link>,
        ],
        [t("line.limit"), <Amount key="limit" money={line.limit} />],
        [t("line.drawn"), <Amount key="drawn" money={line.drawn} />],
        [
          t("decision.lossAvoided"),
          <Amount key="loss" money={decision.assessment?.expectedLossAvoided} />,
        ],
        [t("review.route"), word("route", review.route)],
        [t("review.queue"), word("role", review.queue)],
        [t("review.due"), <Moment key="due" at={review.dueAt} />],
        [t("review.priority"), word("priority", review.priority)],
        [t("review.impact"), <Amount key="impact" money={review.impact} />],
        [t("review.skills"), review.skills.join(", ") || t("review.noSkills")],
        [t("review.approvals"), `${review.approvals.length} / ${review.approvalsNeeded}`],
        [t("decision.maker"), <Who key="maker" id={decision.maker} />],
        [
          t("nav.decisions"),
          <Link key="decision" to={to.decision(decision.id)}>
            {t("review.decisionPage")}
          </Link>,
        ],
        [
          t("decision.notice"),
          decision.noticeId === null ? (
            "–"
          ) : (
            <Link key="notice" to={to.notice(decision.noticeId)}>
              {t("review.readNotice")}
            </Link>
          ),
        ],
      ]}
    />
  );
}

function Proposed({ review }: Readonly<{ review: ReviewCase }>): ReactNode {
  const t = useText();
  const { override } = review;
  if (override === null) return null;
  return (
    <Alert
      type="info"
      showIcon
      title={t("review.overrideWaits")}
      description={
        <>
          {override.reason} – <Who id={override.maker} />, {t("decision.overrideEnds")}{" "}
          <Day date={override.expiresOn} />
        </>
      }
    />
  );
}

type AppealedProps = Readonly<{
  appeal: NonNullable<ReviewCase["appeal"]>;
  review: Pick<ReviewCase, "id" | "resolution">;
}>;

function Appealed({ appeal, review }: AppealedProps): ReactNode {
  const t = useText();
  const word = useWord();
  const { ground, channel, how, by } = appeal;
  const answered = review.resolution === "upheld" || review.resolution === "overturned";
  return (
    <Alert
      type="info"
      showIcon
      title={t("appeal.title", { ground: word("appealGround", ground) })}
      description={
        <>
          {word("consentChannel", channel)}
          {how === null ? null : `: ${how}`} – <Who id={by} />
          {answered && (
            <div>
              <Link to={to.decisions({ causeId: review.id })}>{t("appeal.told")}</Link>
            </div>
          )}
        </>
      }
    />
  );
}

function History({ line }: Readonly<{ line: Line }>): ReactNode {
  const t = useText();
  return (
    <div className="explanation">
      <Panel title={t("line.timeline")}>
        <CustomerTimeline customerId={line.customerId} />
      </Panel>
      <Panel title={t("review.otherLines")}>
        <OtherLines line={line} />
      </Panel>
    </div>
  );
}

function OtherLines({ line }: Readonly<{ line: Line }>): ReactNode {
  const t = useText();
  const { customerId } = line;
  const query = useRead(["customers", customerId], () => reads.customer(customerId));
  return (
    <Answered query={query}>
      {({ lines }) => {
        const others = lines.filter(({ id }) => id !== line.id);
        if (others.length === 0) return <Nothing>{t("review.noOtherLines")}</Nothing>;
        return (
          <DataTable
            caption={t("review.otherLines")}
            rows={others}
            keyOf={({ id }) => id}
            columns={[
              {
                key: "reference",
                title: t("line.reference"),
                cell: ({ id, reference }) => <Link to={to.line(id)}>{reference}</Link>,
              },
              {
                key: "status",
                title: t("line.status"),
                cell: ({ status }) => <StateTag group="lineStatus" state={status} />,
              },
              moneyColumn<Line>({ key: "limit", title: t("line.limit"), of: ({ limit }) => limit }),
              moneyColumn<Line>({ key: "drawn", title: t("line.drawn"), of: ({ drawn }) => drawn }),
            ]}
          />
        );
      }}
    </Answered>
  );
}
