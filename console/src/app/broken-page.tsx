// What a reader sees when a page does not exist or breaks: a way back, never an empty screen.
import { Button } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { to } from "./paths.ts";
import { useText } from "./text.ts";

export function MissingPage(): ReactNode {
  const t = useText();
  return (
    <div className="all-done">
      <h1>{t("broken.missing")}</h1>
      <p>
        <Link to={to.start()}>{t("broken.home")}</Link>
      </p>
    </div>
  );
}

export function BrokenPage(): ReactNode {
  const t = useText();
  return (
    <div className="all-done">
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.help")}</p>
      <Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>
    </div>
  );
}
