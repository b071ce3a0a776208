// The declared facts of a line: value, window and age, on any day and as known at any moment; and of one that is picked,
// every version of the days it rests on with the signals behind them.
import { Button, Input } from "antd";
import { useId, type ReactNode } from "react";
import { useIntl } from "react-intl";
import { reads, type DeclaredFact, type FactTrail } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { moneyText } from "../parts/amount.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Panel } from "../parts/page.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

type Props = Readonly<{ lineId: string }>;

/** What the address asks: a day, and a moment of knowledge in UTC; both now where it names none. */
function useWhen(): Readonly<Record<string, string>> {
  const url = useFilters();
  const asked = { asOf: url.get("asOf"), knownAt: url.get("knownAt") };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ""));
}

export function DeclaredFacts({ lineId }: Props): ReactNode {
  const t = useText();
  const id = useId();
  const url = useFilters();
  const when = useWhen();
  const known = (url.get("knownAt") || "").slice(0, 16);
  const query = useRead(["lines", lineId, "declared", when], () => reads.facts(lineId, when), {
    keep: true,
  });
  return (
    <Panel title={t("facts.declared")}>
      <div className="filters">
        <label htmlFor={`${id}asOf`}>{t("line.asOf")}</label>
        <Input
          id={`${id}asOf`}
          type="date"
          value={url.get("asOf")}
          onChange={({ target }) => url.set({ asOf: target.value })}
        />
        <label htmlFor={`${id}knownAt`}>{t("facts.knownAt")}</label>
        <Input
          id={`${id}knownAt`}
          type="datetime-local"
          value={known}
          onChange={({ target }) =>
            url.set({ knownAt: target.value === "" ? "" : `${target.value}:00.000Z` })
          }
        />
      </div>
      <Answered query={query}>
        {({ declared }) => <DeclaredTable facts={declared} lineId={lineId} />}
      </Answered>
    </Panel>
  );
}

function DeclaredTable({
  facts,
  lineId,
}: Readonly<{ facts: readonly DeclaredFact[]; lineId: string }>): ReactNode {
  const t = useText();
  const url = useFilters();
  const { language } = useLook();
  const valueOf = useFactValue();
  const known = facts.filter(({ value, withheld }) => value !== null || withheld);
  const all = url.get("unknown") === "true";
  const picked = url.get("fact");
  return (
    <>
      <DataTable
        caption={t("facts.declared")}
        rows={all ? facts : known}
        keyOf={({ name }) => name}
        current={picked}
        columns={[
          {
            key: "label",
            title: t("line.fact"),
            cell: ({ name, label, panes }) =>
              panes.length === 0 ? (
                label[language]
              ) : (
                <Button
                  type="link"
                  size="small"
                  aria-expanded={name === picked}
                  onClick={() => url.set({ fact: name === picked ? "" : name })}
                >
                  {label[language]}
                </Button>
              ),
          },
          { key: "value", title: t("why.value"), figures: true, cell: valueOf },
          { key: "window", title: t("facts.window"), cell: ({ window }) => window[language] },
          { key: "from", title: t("facts.from"), cell: ({ from }) => <Day date={from} /> },
          {
            key: "age",
            title: t("line.age"),
            figures: true,
            cell: ({ ageDays }) => (ageDays === null ? "–" : t("line.days", { count: ageDays })),
          },
        ]}
      />
      {known.length < facts.length && (
        <Button type="link" onClick={() => url.set({ unknown: all ? "" : "true" })}>
          {all
            ? t("facts.hideUnknown")
            : t("facts.showUnknown", { count: facts.length - known.length })}
        </Button>
      )}
      {picked !== "" && <Trail lineId={lineId} name={picked} />}
    </>
  );
}

/** The value of a declared fact in words. */
export function useFactValue(): (fact: DeclaredFact) => string {
  const t = useText();
  const intl = useIntl();
  return ({ value, withheld, unit }) => {
    if (withheld) return t("state.withheld");
    if (value === null) return "–";
    if (typeof value === "object") return moneyText(intl, value);
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (unit === "ratio") {
      return intl.formatNumber(Number(value), { style: "percent", maximumFractionDigits: 2 });
    }
    return value;
  };
}

function Trail({ lineId, name }: Readonly<{ lineId: string; name: string }>): ReactNode {
  const when = useWhen();
  const query = useRead(["lines", lineId, "trail", name, when], () =>
    reads.factTrail(lineId, name, when),
  );
  return <Answered query={query}>{(trail) => <TrailTables trail={trail} />}</Answered>;
}

function TrailTables({ trail }: Readonly<{ trail: FactTrail }>): ReactNode {
  const t = useText();
  const word = useWord();
  const intl = useIntl();
  const { language } = useLook();
  const figure = (value: number | string | null): string =>
    typeof value === "number" ? intl.formatNumber(value) : (value ?? "–");
  return (
    <>
      <h3>{t("facts.versions", { fact: trail.fact.label[language] })}</h3>
      <DataTable
        caption={t("facts.versions", { fact: trail.fact.label[language] })}
        rows={trail.versions}
        keyOf={({ measure, on, knownAt, count }) => `${measure} ${on} ${knownAt} ${count}`}
        columns={[
          { key: "on", title: t("facts.day"), cell: ({ on }) => <Day date={on} /> },
          { key: "measure", title: t("facts.measure"), cell: ({ measure }) => measure },
          {
            key: "knownAt",
            title: t("facts.knownSince"),
            cell: ({ knownAt }) => <Moment at={knownAt} />,
          },
          { key: "count", title: t("facts.times"), figures: true, cell: ({ count }) => count },
          { key: "sum", title: t("facts.sum"), figures: true, cell: ({ sum }) => figure(sum) },
          { key: "last", title: t("facts.last"), figures: true, cell: ({ last }) => figure(last) },
        ]}
      />
      <h3>{t("facts.sources")}</h3>
      {trail.signals.length === 0 ? (
        <Nothing>{t("line.noSignals")}</Nothing>
      ) : (
        <DataTable
          caption={t("facts.sources")}
          rows={trail.signals}
          keyOf={({ source, id }) => `${source} ${id}`}
          columns={[
            { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
            { key: "type", title: t("signal.type"), cell: ({ type }) => word("signal", type) },
            { key: "source", title: t("signal.source"), cell: ({ source }) => source },
            { key: "id", title: t("signal.id"), cell: ({ id }) => id },
            {
              key: "at",
              title: t("signal.recordedAt"),
              cell: ({ recordedAt }) => <Moment at={recordedAt} />,
            },
          ]}
        />
      )}
    </>
  );
}
