// What happened, one event a row: when, what in words, and who. What an event carries is shown on request.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import type { Event, Money } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useText, useWord, type Word } from "../app/text.ts";
import { moneyText } from "./amount.tsx";
import { Moment } from "./moment.tsx";
import { Nothing } from "./states.tsx";
import { Who } from "./short-id.tsx";

/** An event, and of which line it tells where several lines are told together. */
export type Told = Event & Readonly<{ lineId?: string; reference?: string }>;

type TimelineProps = Readonly<{
  events: readonly Told[];
  /** says of which line each event tells */
  namesLines: boolean;
}>;

export function Timeline({ events, namesLines }: TimelineProps): ReactNode {
  const t = useText();
  if (events.length === 0) return <Nothing>{t("timeline.none")}</Nothing>;
  return (
    <ol className="timeline">
      {events.map((event) => (
        <li key={`${event.seq} ${event.kind} ${event.subject}`}>
          <Moment at={event.at} />
          <OfEvent event={event} namesLine={namesLines} />
        </li>
      ))}
    </ol>
  );
}

function OfEvent({ event, namesLine }: Readonly<{ event: Told; namesLine: boolean }>): ReactNode {
  const word = useWord();
  const brief = useBrief();
  const { body = {}, lineId, reference } = event;
  const more = Object.keys(body).length > 0;
  const what = (
    <>
      <strong>{word("event", event.kind)}</strong> {brief(body)}
    </>
  );
  return (
    <div>
      {more ? (
        <details>
          <summary>{what}</summary>
          <pre>{JSON.stringify(body, null, 2)}</pre>
        </details>
      ) : (
        what
      )}
      <span className="quiet timeline-who">
        {namesLine && lineId !== undefined && reference !== undefined && (
          <>
            <Link to={to.line(lineId)}>{reference}</Link> ·{" "}
          </>
        )}
        <Who id={event.actor} />
      </span>
    </div>
  );
}

function isMoney(value: unknown): value is Money {
  return typeof value === "object" && value !== null && "amount" in value && "currency" in value;
}

/** Groups of words for codes that events carry. */
const groups = [
  ["type", "signal"],
  ["resolution", "resolution"],
  ["queue", "role"],
  ["action", "action"],
  ["state", "complaintState"],
  ["topic", "complaintTopic"],
] as const;

function codesOf(body: Readonly<Record<string, unknown>>, word: Word): readonly string[] {
  return groups.flatMap(([name, group]) => {
    const value = body[name];
    return typeof value === "string" ? [word(group, value)] : [];
  });
}

/** The few things of an event that tell it apart from others of its kind. */
function useBrief(): (body: Readonly<Record<string, unknown>>) => string {
  const word = useWord();
  const intl = useIntl();
  return (body) => {
    const outcome = (body["outcome"] ?? {}) as Readonly<Record<string, unknown>>;
    const all = { ...body, ...outcome };
    const monies = ["from", "to", "amount", "drawn"].flatMap((name) => {
      const value = all[name];
      return isMoney(value) ? [moneyText(intl, value)] : [];
    });
    const words = [all["asOf"], all["reason"], all["note"]].filter(
      (one) => typeof one === "string",
    );
    return [...codesOf(all, word), monies.join(" → "), ...words].filter(Boolean).join(" · ");
  };
}
