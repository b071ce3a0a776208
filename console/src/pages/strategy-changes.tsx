// What changed from one version of a strategy to another, a sentence each, as the person reads it who is to approve.
import type { ReactNode } from "react";
import { reads, type StrategySummary } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { Answered, Nothing } from "../parts/states.tsx";

type StrategyChangesProps = Readonly<{ of: StrategySummary; since: number }>;

export function StrategyChanges({ of, since }: StrategyChangesProps): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { id, version, hash } = of;
  const query = useRead(["strategies", id, version, "since", since, hash], () =>
    reads.strategyDiff(id, version, since),
  );
  return (
    <Answered query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <Nothing>{t("strategy.same")}</Nothing>
        ) : (
          <ul>
            {data.map(({ path, kind, text }) => (
              <li key={`${path} ${kind}`}>{text[language]}</li>
            ))}
          </ul>
        )
      }
    </Answered>
  );
}
