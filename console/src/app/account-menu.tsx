// Who is signed in, with which roles, and the way out.
import { LogoutOutlined, UserOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import type { ReactNode } from "react";
import { useNavigate } from "react-router";
import { changes } from "../api/changes.ts";
import { useLook } from "./language.tsx";
import { to } from "./paths.ts";
import { useSession } from "./session.tsx";
import { useText, useWord } from "./text.ts";

export function AccountMenu(): ReactNode {
  const t = useText();
  const word = useWord();
  const { language } = useLook();
  const { me } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const leave = async (): Promise<void> => {
    await changes.signOut().catch(() => undefined);
    queries.clear();
    await navigate(to.signIn());
  };
  const roles = me.roles.map((role) => word("role", role)).join(t("app.listComma"));
  const scope =
    me.scope.kind === "portfolios"
      ? (me.scope.portfolios ?? []).join(t("app.listComma"))
      : t("account.everything");
  const content = (
    <div className="account">
      <p>
        <strong>{me.name[language]}</strong> <span className="quiet">{me.login}</span>
      </p>
      <p>
        {t("account.roles")} {roles}
      </p>
      <p>
        {t("account.scope")} {scope}
      </p>
      <Button icon={<LogoutOutlined />} onClick={() => void leave()}>
        {t("account.signOut")}
      </Button>
    </div>
  );
  return (
    <Popover content={content} trigger="click" placement="bottomRight">
      <Button type="text" icon={<UserOutlined />}>
        <span className="unseen">{t("account.menu")}: </span>
        <span className="wide-only">{me.name[language]}</span>
      </Button>
    </Popover>
  );
}
