// Compliance packs and their versions: which hold today, and how much of each is read in its source.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type PackSummary } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { DataTable, type Column } from "../parts/data-table.tsx";
import { ExportButton } from "../parts/export-button.tsx";
import { Day } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

export function PacksPage(): ReactNode {
  const t = useText();
  const columns = useColumns();
  const query = useRead(["packs", "list"], reads.packs);
  return (
    <Page
      title={t("nav.packs")}
      about={t("packs.about")}
      actions={<ExportButton path="/v1/packs" filters={{}} />}
    >
      <Answered query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Nothing>{t("packs.none")}</Nothing>
          ) : (
            <DataTable
              caption={t("nav.packs")}
              columns={columns}
              rows={data}
              partly
              keyOf={({ id, version }) => `${id} ${version}`}
            />
          )
        }
      </Answered>
    </Page>
  );
}

const counted = ["confirmed", "contract", "unconfirmed", "open"] as const;

function useColumns(): readonly Column<PackSummary>[] {
  const t = useText();
  const { language } = useLook();
  return [
    {
      key: "id",
      title: t("pack.id"),
      cell: ({ id, version }) => (
        <Link to={to.pack(id, version)}>
          {id} v{version}
        </Link>
      ),
    },
    { key: "name", title: t("pack.name"), cell: ({ label }) => label[language] },
    {
      key: "from",
      title: t("pack.from"),
      cell: ({ effectiveFrom }) => <Day date={effectiveFrom} />,
    },
    {
      key: "to",
      title: t("pack.to"),
      cell: ({ effectiveTo }) => (effectiveTo === null ? "–" : <Day date={effectiveTo} />),
    },
    {
      key: "inForce",
      title: t("pack.inForce"),
      cell: ({ inForce }) => (inForce ? t("pack.holds") : ""),
    },
    ...counted.map((status): Column<PackSummary> => ({
      key: status,
      title: t(`pack.${status}`),
      figures: true,
      cell: ({ id, version, values }) =>
        status === "open" ? (
          values[status]
        ) : (
          <Link to={to.pack(id, version, { status })}>{values[status]}</Link>
        ),
    })),
  ];
}
