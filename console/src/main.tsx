// Where the console begins in the browser.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { ProblemError } from "./api/problem.ts";
import "./app/console.css";
import { LookProvider } from "./app/language.tsx";
import { router } from "./app/routes.tsx";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The server said no or does not know it: asking again says the same.
      retry: (failures, error) =>
        failures < 2 &&
        !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
    },
  },
});

// The server was renewed while this page was open: its files have other names now. Once, or it would go round for ever.
const reloadedAt = "tidemark.reloadedAt";
const patienceMs = 60_000;
window.addEventListener("vite:preloadError", (event) => {
  const last = Number(sessionStorage.getItem(reloadedAt) ?? 0);
  if (Date.now() - last < patienceMs) return;
  sessionStorage.setItem(reloadedAt, String(Date.now()));
  event.preventDefault();
  window.location.reload();
});

const root = document.querySelector("#root");
if (root === null) throw new Error("Page without #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LookProvider>
        <RouterProvider router={router} />
      </LookProvider>
    </QueryClientProvider>
  </StrictMode>,
);
