// Instants and dates in the time zone of the lender, whatever the zone of the reader's machine: a deadline is the
// lender's, not the reader's.
import type { ReactNode } from "react";
import { useIntl } from "react-intl";

/** An instant to the minute. */
export function Moment({ at }: Readonly<{ at: string | null | undefined }>): ReactNode {
  const intl = useIntl();
  if (at === null || at === undefined) return <span className="quiet">–</span>;
  const text = intl.formatDate(at, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (
    <time dateTime={at} title={at} className="figures">
      {text}
    </time>
  );
}

/** A business date; it has no time zone. */
export function Day({ date }: Readonly<{ date: string | null | undefined }>): ReactNode {
  const intl = useIntl();
  if (date === null || date === undefined) return <span className="quiet">–</span>;
  const text = intl.formatDate(`${date}T12:00:00Z`, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: "UTC",
  });
  return (
    <time dateTime={date} className="figures">
      {text}
    </time>
  );
}
