// How a line is used against how it was used before: each look with its words, the unusual ones first.
import type { ReactNode } from "react";
import { reads } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable } from "../parts/data-table.tsx";
import { Panel } from "../parts/page.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

export function Behaviour({ lineId }: Readonly<{ lineId: string }>): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const query = useRead(["lines", lineId, "behaviour"], () => reads.behaviour(lineId));
  const stateOf = (unusual: boolean | null): string =>
    unusual === null ? "unknown" : unusual ? "unusual" : "usual";
  return (
    <Panel title={t("behaviour.title")}>
      <Answered query={query}>
        {({ data }) => {
          const told = data
            .filter(({ unusual }) => unusual !== null)
            .toSorted((one, other) => Number(other.unusual) - Number(one.unusual));
          return told.length === 0 ? (
            <Nothing>{t("behaviour.none")}</Nothing>
          ) : (
            <DataTable
              caption={t("behaviour.title")}
              rows={told}
              keyOf={({ look }) => look}
              columns={[
                {
                  key: "look",
                  title: t("behaviour.look"),
                  cell: ({ look }) => word("behaviourLook", look),
                },
                {
                  key: "state",
                  title: t("behaviour.state"),
                  cell: ({ unusual }) => (
                    <StateTag group="behaviourState" state={stateOf(unusual)} />
                  ),
                },
                { key: "text", title: t("behaviour.why"), cell: ({ text }) => text[language] },
              ]}
            />
          );
        }}
      </Answered>
    </Panel>
  );
}
