// The profile of a customer: tier, segment and traits with what they follow from, and a year of utilisation and score.
import { Tooltip } from "antd";
import type { ReactNode } from "react";
import { useIntl } from "react-intl";
import { Link } from "react-router";
import { reads, type CustomerProfile } from "../api/reads.ts";
import { useFactLabels } from "../app/fact-labels.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { percentText } from "../parts/amount.tsx";
import { Chart } from "../parts/chart.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Pairs, Panel } from "../parts/page.tsx";
import { Answered } from "../parts/states.tsx";

export function CustomerProfilePanel({ id }: Readonly<{ id: string }>): ReactNode {
  const t = useText();
  const query = useRead(["customers", id, "profile"], () => reads.customerProfile(id));
  return (
    <Panel title={t("profile.title")}>
      <Answered query={query}>{(profile) => <Profile profile={profile} />}</Answered>
    </Panel>
  );
}

function Profile({ profile }: Readonly<{ profile: CustomerProfile }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  const labels = useFactLabels();
  const { segment, tier, withheld, history } = profile;
  const points = history.filter(({ utilisation }) => utilisation !== null);
  const told =
    tier === null
      ? t(withheld.includes("tier") ? "state.withheld" : "profile.unknown")
      : labels.value("customerTier", tier);
  return (
    <>
      <Pairs
        pairs={[
          [t("line.tier"), told],
          [
            t("profile.segment"),
            segment === null ? (
              "–"
            ) : (
              <>
                <Link to={to.decision(segment.decisionId)}>{labels.part(segment.id)}</Link>{" "}
                <Moment at={segment.madeAt} />
              </>
            ),
          ],
        ]}
      />
      <Traits profile={profile} />
      {points.length > 1 && (
        <>
          <h3>{t("profile.utilisationByMonth")}</h3>
          <Chart
            label={t("profile.utilisationByMonth")}
            upright
            bars={points.map(({ asOf, utilisation }) => ({
              ...{ key: asOf, label: asOf.slice(0, 7), value: utilisation! / 100 },
              text: percentText(intl, utilisation!),
            }))}
          />
        </>
      )}
      <History profile={profile} />
    </>
  );
}

function Traits({ profile }: Readonly<{ profile: CustomerProfile }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  const isTold = (holds: boolean | null): string =>
    holds === null ? t("profile.unknown") : t(holds ? "yes" : "no");
  return (
    <DataTable
      caption={t("profile.traits")}
      rows={profile.traits}
      keyOf={({ name }) => name}
      columns={[
        { key: "trait", title: t("profile.trait"), cell: ({ label }) => label[language] },
        { key: "holds", title: t("profile.holds"), cell: ({ holds }) => isTold(holds) },
        { key: "since", title: t("profile.since"), cell: ({ since }) => <Day date={since} /> },
        {
          key: "sources",
          title: t("profile.source"),
          cell: ({ sources }) =>
            sources.map(({ line, facts }) => (
              <Tooltip
                key={line.id}
                title={facts
                  .map(
                    ({ label, value, unit }) => `${label[language]}: ${value ?? "–"} ${unit ?? ""}`,
                  )
                  .join("; ")}
              >
                <Link to={to.line(line.id)}>{line.reference}</Link>{" "}
              </Tooltip>
            )),
        },
      ]}
    />
  );
}

function History({ profile }: Readonly<{ profile: CustomerProfile }>): ReactNode {
  const t = useText();
  const intl = useIntl();
  const { language } = useLook();
  const labels = useFactLabels();
  const names = new Map(profile.traits.map(({ name, label }) => [name, label[language]]));
  return (
    <DataTable
      caption={t("profile.history")}
      rows={profile.history.toReversed()}
      keyOf={({ asOf }) => asOf}
      columns={[
        { key: "asOf", title: t("line.asOf"), cell: ({ asOf }) => <Day date={asOf} /> },
        {
          key: "tier",
          title: t("line.tier"),
          cell: ({ tier }) => (tier === null ? "–" : labels.value("customerTier", tier)),
        },
        { key: "score", title: t("line.score"), figures: true, cell: ({ score }) => score ?? "–" },
        {
          key: "utilisation",
          title: t("line.utilisation"),
          figures: true,
          cell: ({ utilisation }) => (utilisation === null ? "–" : percentText(intl, utilisation)),
        },
        {
          key: "daysPastDue",
          title: t("line.daysPastDue"),
          figures: true,
          cell: ({ daysPastDue }) => daysPastDue ?? "–",
        },
        {
          key: "traits",
          title: t("profile.traits"),
          cell: ({ traits }) => traits.map((name) => names.get(name) ?? name).join(", ") || "–",
        },
      ]}
    />
  );
}
