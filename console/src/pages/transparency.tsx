// The transparency report of a period: asked for here, shown and kept by whoever asked.
import { Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useLook } from "../app/language.tsx";
import { useSession } from "../app/session.tsx";
import { useText } from "../app/text.ts";
import { Panel } from "../parts/page.tsx";

const forms = ["html", "md", "json"] as const;

export function TransparencyPanel(): ReactNode {
  const t = useText();
  const id = useId();
  const { language } = useLook();
  const { installation } = useSession();
  const [from, setFrom] = useState(`${installation.today.slice(0, 4)}-01-01`);
  const [to, setTo] = useState(installation.today);
  const isPeriod = from !== "" && to !== "" && from <= to && to <= installation.today;
  const address = (format: string): string =>
    `/v1/transparency-report?${new URLSearchParams({ from, to, format, lang: language }).toString()}`;
  return (
    <Panel title={t("transparency.title")}>
      <p className="quiet">{t("transparency.about")}</p>
      <div className="pair-of-dates">
        <label htmlFor={`${id}from`}>{t("transparency.from")}</label>
        <Input
          id={`${id}from`}
          type="date"
          value={from}
          onChange={(e) => setFrom(e.target.value)}
        />
        <label htmlFor={`${id}to`}>{t("transparency.to")}</label>
        <Input id={`${id}to`} type="date" value={to} onChange={(e) => setTo(e.target.value)} />
      </div>
      {isPeriod ? (
        <ul className="plain">
          {forms.map((format) => (
            <li key={format}>
              <a href={address(format)} target="_blank" rel="noreferrer">
                {t(`transparency.${format}`)}
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <p role="alert">{t("transparency.noPeriod")}</p>
      )}
    </Panel>
  );
}
