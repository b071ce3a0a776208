// One version of a compliance pack: what it asks for at each place, how sure that is and where it stands, and what the
// release changed.
import { useId, useState, type ReactNode } from "react";
import { useParams } from "react-router";
import { reads, type Pack } from "../api/reads.ts";
import { useFilters } from "../app/filters.ts";
import { useLook } from "../app/language.tsx";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { DataTable } from "../parts/data-table.tsx";
import { Day } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

export function PackPage(): ReactNode {
  const { id = "", version = "" } = useParams();
  const query = useRead(["packs", id, version], () => reads.pack(id, Number(version)));
  return <Answered query={query}>{(pack) => <OfPack pack={pack} />}</Answered>;
}

function OfPack({ pack }: Readonly<{ pack: Pack }>): ReactNode {
  const t = useText();
  const { language } = useLook();
  const { effectiveFrom, effectiveTo } = pack;
  return (
    <Page title={`${pack.id} v${pack.version}`} about={pack.label[language]}>
      <Panel title={t("pack.release")}>
        <p>{pack.release[language]}</p>
        <Pairs
          pairs={[
            [t("pack.jurisdiction"), pack.jurisdiction],
            [t("pack.scope"), pack.productScope.join(", ")],
            [t("pack.calendar"), pack.calendar],
            [t("pack.from"), <Day key="from" date={effectiveFrom} />],
            [t("pack.to"), effectiveTo === null ? "–" : <Day key="to" date={effectiveTo} />],
            [t("pack.inForce"), pack.inForce ? t("pack.holds") : "–"],
          ]}
        />
      </Panel>
      <Values pack={pack} />
      <OpenPlaces pack={pack} />
      <Changes key={`${pack.id} ${pack.version}`} pack={pack} />
    </Page>
  );
}

const statuses = ["", "unconfirmed", "contract", "confirmed"] as const;

function Values({ pack }: Readonly<{ pack: Pack }>): ReactNode {
  const t = useText();
  const word = useWord();
  const id = useId();
  const url = useFilters();
  const status = url.get("status");
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const rows = pack.content.filter(
    (one) =>
      (status === "" || one.status === status) &&
      `${one.pointer} ${one.source}`.toLowerCase().includes(wanted),
  );
  return (
    <Panel title={t("pack.values")}>
      {pack.values.unconfirmed > 0 && <p>{t("pack.unconfirmedAbout")}</p>}
      <div className="filters" role="search" aria-label={t("list.filters")}>
        <div className="filter">
          <label htmlFor={`${id}status`}>{t("pack.status")}</label>
          <select
            id={`${id}status`}
            value={status}
            onChange={(event) => url.set({ status: event.target.value })}
          >
            {statuses.map((one) => (
              <option key={one} value={one}>
                {one === "" ? t("pack.all") : word("valueStatus", one)}
              </option>
            ))}
          </select>
        </div>
        <SearchBox label={t("pack.find")} text={text} onText={setText} />
      </div>
      {rows.length === 0 ? (
        <Nothing>{t("pack.noValues")}</Nothing>
      ) : (
        <DataTable
          caption={t("pack.values")}
          rows={rows}
          keyOf={({ pointer }) => pointer}
          columns={[
            { key: "place", title: t("pack.place"), cell: ({ pointer }) => <code>{pointer}</code> },
            { key: "value", title: t("pack.value"), cell: ({ value }) => <code>{value}</code> },
            {
              key: "status",
              title: t("pack.status"),
              cell: (one) => <StateTag group="valueStatus" state={one.status} />,
            },
            { key: "source", title: t("pack.source"), cell: ({ source }) => source },
          ]}
        />
      )}
    </Panel>
  );
}

function OpenPlaces({ pack }: Readonly<{ pack: Pack }>): ReactNode {
  const t = useText();
  if (pack.open.length === 0) return null;
  return (
    <Panel title={t("pack.openPlaces")}>
      <p>{t("pack.openAbout")}</p>
      <ul>
        {pack.open.map((pointer) => (
          <li key={pointer}>
            <code>{pointer}</code>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Changes({ pack }: Readonly<{ pack: Pack }>): ReactNode {
  const t = useText();
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const query = useRead(["packs", "list"], reads.packs);
  return (
    <Answered query={query}>
      {({ data }) => {
        const others = data
          .filter((one) => one.id === pack.id && one.version !== pack.version)
          .map(({ version }) => version);
        const since = chosen ?? others.filter((one) => one < pack.version).at(-1) ?? others[0];
        if (since === undefined) return null;
        return (
          <Panel title={t("pack.changes")}>
            <label htmlFor={id}>{t("pack.since")}</label>{" "}
            <select
              id={id}
              value={since}
              onChange={(event) => setChosen(Number(event.target.value))}
            >
              {others.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
            <Differences pack={pack} since={since} />
          </Panel>
        );
      }}
    </Answered>
  );
}

function Differences({ pack, since }: Readonly<{ pack: Pack; since: number }>): ReactNode {
  const t = useText();
  const { id, version } = pack;
  const query = useRead(["packs", id, version, "since", since], () =>
    reads.packDiff(id, version, since),
  );
  const content = (json: string | null): ReactNode =>
    json === null ? <em>{t("pack.nothing")}</em> : <code>{json}</code>;
  return (
    <Answered query={query}>
      {({ data }) =>
        data.length === 0 ? (
          <Nothing>{t("pack.same")}</Nothing>
        ) : (
          <DataTable
            caption={t("pack.changes")}
            rows={data}
            keyOf={({ pointer }) => pointer}
            columns={[
              {
                key: "place",
                title: t("pack.place"),
                cell: ({ pointer }) => <code>{pointer}</code>,
              },
              { key: "before", title: t("pack.before"), cell: ({ from }) => content(from) },
              { key: "after", title: t("pack.after"), cell: (one) => content(one.to) },
            ]}
          />
        )
      }
    </Answered>
  );
}
