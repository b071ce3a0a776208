// Everything that happened to one line or to all lines of a customer, newest first, page by page.
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { reads, type Filters } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { Answered } from "../parts/states.tsx";
import { Timeline, type Told } from "../parts/timeline.tsx";

export function CustomerTimeline({ customerId }: Readonly<{ customerId: string }>): ReactNode {
  return (
    <TimelineOf
      queryKey={["customers", customerId, "timeline"]}
      read={(asked) => reads.customerTimeline(customerId, asked)}
      namesLines
    />
  );
}

export function LineTimeline({ lineId }: Readonly<{ lineId: string }>): ReactNode {
  return (
    <TimelineOf
      queryKey={["lines", lineId, "timeline"]}
      read={(asked) => reads.timeline(lineId, { ...asked, order: "newest" })}
      namesLines={false}
    />
  );
}

type TimelineOfProps = Readonly<{
  queryKey: readonly string[];
  read: (asked: Filters) => Promise<Readonly<{ data: readonly Told[]; next: string | null }>>;
  namesLines: boolean;
}>;

function TimelineOf({ queryKey, read, namesLines }: TimelineOfProps): ReactNode {
  const t = useText();
  const [after, setAfter] = useState<string | null>(null);
  const query = useRead([...queryKey, after], () =>
    read({ limit: "25", ...(after === null ? {} : { after }) }),
  );
  return (
    <Answered query={query}>
      {({ data, next }) => (
        <>
          <Timeline events={data} namesLines={namesLines} />
          <div className="pager">
            {after !== null && <Button onClick={() => setAfter(null)}>{t("list.first")}</Button>}
            {next !== null && <Button onClick={() => setAfter(next)}>{t("list.earlier")}</Button>}
          </div>
        </>
      )}
    </Answered>
  );
}
