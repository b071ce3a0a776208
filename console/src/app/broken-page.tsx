// What a reader sees when a page does not exist or breaks: a way back, never an empty screen.
import { Button, Result } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { to } from "./paths.ts";
import { useText } from "./text.ts";

export function MissingPage(): ReactNode {
  const t = useText();
  return (
    <Result
      status="404"
      title={t("broken.missing")}
      extra={<Link to={to.start()}>{t("broken.home")}</Link>}
    />
  );
}

export function BrokenPage(): ReactNode {
  const t = useText();
  return (
    <Result
      status="error"
      title={t("broken.title")}
      subTitle={t("broken.help")}
      extra={<Button onClick={() => window.location.reload()}>{t("broken.reload")}</Button>}
    />
  );
}
