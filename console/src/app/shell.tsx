// The frame around every page of a signed-in account: where to go, what today is, who one is, and the ribbon that says
// that the data are a demonstration.
import { MenuOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { Suspense, useState, type ReactNode } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { Day, Moment } from "../parts/moment.tsx";
import { Waiting } from "../parts/states.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { useServerEvents } from "./events.ts";
import { FindBox } from "./find-box.tsx";
import { LookSwitches } from "./look-switches.tsx";
import { to } from "./paths.ts";
import { SessionProvider, useSession } from "./session.tsx";
import { useText, type TextKey } from "./text.ts";

type Place = readonly [path: string, label: TextKey];

const places: readonly (readonly [group: TextKey, readonly Place[]])[] = [
  [
    "nav.now",
    [
      [to.start(), "nav.start"],
      [to.reviews(), "nav.reviews"],
      [to.live(), "nav.live"],
      [to.reviewFigures(), "nav.reviewFigures"],
    ],
  ],
  [
    "nav.portfolio",
    [
      [to.overview(), "nav.overview"],
      [to.lines(), "nav.lines"],
      [to.customers(), "nav.customers"],
      [to.reports(), "nav.reports"],
    ],
  ],
  [
    "nav.decide",
    [
      [to.sweeps(), "nav.sweeps"],
      [to.decisions(), "nav.decisions"],
      [to.notices(), "nav.notices"],
      [to.offers(), "nav.offers"],
      [to.alerts(), "nav.alerts"],
      [to.strategies(), "nav.strategies"],
      [to.experiments(), "nav.experiments"],
      [to.packs(), "nav.packs"],
      [to.noticeTexts(), "nav.noticeTexts"],
    ],
  ],
  [
    "nav.operate",
    [
      [to.deadLetters(), "nav.deadLetters"],
      [to.connectors(), "nav.connectors"],
      [to.halts(), "nav.halts"],
    ],
  ],
];

export function Shell(): ReactNode {
  return (
    <SessionProvider>
      <Frame />
    </SessionProvider>
  );
}

function Frame(): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  useServerEvents();
  return (
    <div className={open ? "shell shell-open" : "shell"}>
      <a className="skip" href="#content">
        {t("app.skip")}
      </a>
      <Ribbon />
      <ReadOnlyRibbon />
      <header className="top">
        <Button
          className="top-menu"
          type="text"
          icon={<MenuOutlined />}
          aria-label={t("nav.menu")}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        <Brand />
        <FindBox />
        <div className="top-end">
          <LookSwitches />
          <AccountMenu />
        </div>
      </header>
      <Places onGo={() => setOpen(false)} />
      <main id="content" className="content" tabIndex={-1}>
        <Suspense key={pathname} fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

function Places({ onGo }: Readonly<{ onGo: () => void }>): ReactNode {
  const t = useText();
  return (
    <nav className="side" aria-label={t("nav.main")}>
      {places.map(([group, members]) => (
        <div key={group} className="side-group">
          <div className="side-title">{t(group)}</div>
          <ul>
            {members.map(([path, label]) => (
              <li key={path}>
                <NavLink to={path} end={path === "/"} onClick={onGo}>
                  {t(label)}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Brand(): ReactNode {
  const t = useText();
  const { installation } = useSession();
  return (
    <div className="brand">
      <strong>{t("app.name")}</strong>
      <span className="brand-more">
        {installation.lender} · {t("app.today")} <Day date={installation.today} />
      </span>
    </div>
  );
}

/** Everybody sees why nothing can be changed, and until when. */
function ReadOnlyRibbon(): ReactNode {
  const t = useText();
  const { readOnly } = useSession().installation;
  if (readOnly === null) return null;
  return (
    <aside className="ribbon" role="status" aria-label={t("app.readOnlyLabel")}>
      {t("app.readOnly", { reason: readOnly.reason })} <Moment at={readOnly.until} />
    </aside>
  );
}

function Ribbon(): ReactNode {
  const t = useText();
  const { installation } = useSession();
  const { demo, preparing } = installation;
  if (!demo && preparing === null) return null;
  const percent = preparing === null ? 100 : Math.floor((100 * preparing.done) / preparing.of);
  return (
    <aside className="ribbon" aria-label={t("app.demoLabel")}>
      {t("app.demo")}
      {preparing !== null && (
        <span role="status"> · {t("app.preparing", { percent: String(percent) })}</span>
      )}
    </aside>
  );
}
