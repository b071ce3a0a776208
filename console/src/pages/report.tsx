// One report in a frame that can do nothing: no scripts, no forms, no way out. It can be taken along as a file.
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { to, withFilters } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { ExportButton } from "../parts/export-button.tsx";
import { Day } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";

export function ReportPage(): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { id = "" } = useParams();
  const query = useRead(["reports", id], () => reads.report(id));
  const path = `/v1/reports/${id}`;
  const inLanguage = { lang: language };
  return (
    <Page
      title={<TitleOf document={query.data} />}
      about={<Link to={to.reports()}>{t("nav.reports")}</Link>}
      actions={
        <>
          <ExportButton path={path} filters={inLanguage} format="pdf" />
          <ExportButton path={path} filters={inLanguage} format="md" />
          <ExportButton path={path} filters={inLanguage} format="html" />
        </>
      }
    >
      <iframe
        className="report"
        title={t("report.title")}
        sandbox=""
        src={withFilters(path, { ...inLanguage, format: "html" })}
      />
    </Page>
  );
}

type TitleOfProps = Readonly<{ document: Readonly<Record<string, unknown>> | undefined }>;

function TitleOf({ document = {} }: TitleOfProps): ReactNode {
  const t = useText();
  const word = useWord();
  const { kind, asOf } = document;
  return (
    <>
      {typeof kind === "string" ? word("reportKind", kind) : t("report.title")}{" "}
      {typeof asOf === "string" && <Day date={asOf} />}
    </>
  );
}
