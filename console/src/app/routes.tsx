// Which page stands at which address. Pages come when they are first looked at, so that signing in needs little.
import { createBrowserRouter, type RouteObject } from "react-router";
import type { ComponentType } from "react";
import { BrokenPage, MissingPage } from "./broken-page.tsx";
import { Shell } from "./shell.tsx";

type Loaded = Promise<Readonly<{ Component: ComponentType }>>;

const page = (path: string, load: () => Loaded): RouteObject => ({ path, lazy: load });

export const router = createBrowserRouter([
  {
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <></>,
    children: [
      page("/sign-in", async () => ({
        Component: (await import("../pages/sign-in.tsx")).SignInPage,
      })),
      {
        element: <Shell />,
        children: [
          {
            errorElement: <BrokenPage />,
            children: [
              page("/", async () => ({
                Component: (await import("../pages/start.tsx")).StartPage,
              })),
              page("/live", async () => ({
                Component: (await import("../pages/live.tsx")).LivePage,
              })),
              page("/overview", async () => ({
                Component: (await import("../pages/overview.tsx")).OverviewPage,
              })),
              page("/lines", async () => ({
                Component: (await import("../pages/lines.tsx")).LinesPage,
              })),
              page("/lines/:id", async () => ({
                Component: (await import("../pages/line.tsx")).LinePage,
              })),
              page("/customers", async () => ({
                Component: (await import("../pages/customers.tsx")).CustomersPage,
              })),
              page("/customers/:id", async () => ({
                Component: (await import("../pages/customer.tsx")).CustomerPage,
              })),
              page("/decisions", async () => ({
                Component: (await import("../pages/decisions.tsx")).DecisionsPage,
              })),
              page("/decisions/:id", async () => ({
                Component: (await import("../pages/decision.tsx")).DecisionPage,
              })),
              page("/reviews", async () => ({
                Component: (await import("../pages/reviews.tsx")).ReviewsPage,
              })),
              page("/review-figures", async () => ({
                Component: (await import("../pages/review-figures.tsx")).ReviewFiguresPage,
              })),
              page("/notices", async () => ({
                Component: (await import("../pages/notices.tsx")).NoticesPage,
              })),
              page("/notices/:id", async () => ({
                Component: (await import("../pages/notice.tsx")).NoticePage,
              })),
              page("/alerts", async () => ({
                Component: (await import("../pages/alerts.tsx")).AlertsPage,
              })),
              page("/offers", async () => ({
                Component: (await import("../pages/offers.tsx")).OffersPage,
              })),
              page("/offers/:id", async () => ({
                Component: (await import("../pages/offer.tsx")).OfferPage,
              })),
              page("/sweeps", async () => ({
                Component: (await import("../pages/sweeps.tsx")).SweepsPage,
              })),
              page("/sweeps/new", async () => ({
                Component: (await import("../pages/new-sweep.tsx")).NewSweepPage,
              })),
              page("/sweeps/:id", async () => ({
                Component: (await import("../pages/sweep.tsx")).SweepPage,
              })),
              page("/sweeps/:id/compared", async () => ({
                Component: (await import("../pages/compared-lines.tsx")).ComparedLinesPage,
              })),
              page("/experiments", async () => ({
                Component: (await import("../pages/experiments.tsx")).ExperimentsPage,
              })),
              page("/experiments/:id", async () => ({
                Component: (await import("../pages/experiment.tsx")).ExperimentPage,
              })),
              page("/strategies", async () => ({
                Component: (await import("../pages/strategies.tsx")).StrategiesPage,
              })),
              page("/strategies/:id/:version", async () => ({
                Component: (await import("../pages/strategy.tsx")).StrategyPage,
              })),
              page("/strategies/:id/:version/edit", async () => ({
                Component: (await import("../editor/strategy-editor.tsx")).StrategyEditorPage,
              })),
              page("/reports", async () => ({
                Component: (await import("../pages/reports.tsx")).ReportsPage,
              })),
              page("/reports/:id", async () => ({
                Component: (await import("../pages/report.tsx")).ReportPage,
              })),
              page("/notice-texts", async () => ({
                Component: (await import("../pages/notice-texts.tsx")).NoticeTextsPage,
              })),
              page("/notice-texts/:version", async () => ({
                Component: (await import("../pages/notice-text.tsx")).NoticeTextPage,
              })),
              page("/packs", async () => ({
                Component: (await import("../pages/packs.tsx")).PacksPage,
              })),
              page("/packs/:id/:version", async () => ({
                Component: (await import("../pages/pack.tsx")).PackPage,
              })),
              page("/dead-letters", async () => ({
                Component: (await import("../pages/dead-letters.tsx")).DeadLettersPage,
              })),
              page("/connectors", async () => ({
                Component: (await import("../pages/connectors.tsx")).ConnectorsPage,
              })),
              page("/halts", async () => ({
                Component: (await import("../pages/halts.tsx")).HaltsPage,
              })),
              { path: "*", element: <MissingPage /> },
            ],
          },
        ],
      },
    ],
  },
]);
