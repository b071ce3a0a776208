// Everything that happened to one line or to all lines of a customer, newest first, page by page.
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { reads } from "../api/reads.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { Answered } from "../parts/states.tsx";
import { Timeline } from "../parts/timeline.tsx";

type CustomerTimelineProps = Readonly<{
  customerId: string;
  /** only this line */
  lineId?: string;
}>;

export function CustomerTimeline({ customerId, lineId }: CustomerTimelineProps): ReactNode {
  const t = useText();
  const [after, setAfter] = useState<string | null>(null);
  const query = useRead(["customers", customerId, "timeline", after], () =>
    reads.customerTimeline(customerId, { limit: "25", ...(after === null ? {} : { after }) }),
  );
  return (
    <Answered query={query}>
      {({ data, next }) => (
        <>
          <Timeline
            events={data.filter((event) => lineId === undefined || event.lineId === lineId)}
            namesLines={lineId === undefined}
          />
          <div className="pager">
            {after !== null && <Button onClick={() => setAfter(null)}>{t("list.first")}</Button>}
            {next !== null && <Button onClick={() => setAfter(next)}>{t("list.earlier")}</Button>}
          </div>
        </>
      )}
    </Answered>
  );
}
