// The switches for language and theme; they stand on the sign-in page too.
import { MoonOutlined, SunOutlined } from "@ant-design/icons";
import { Button } from "antd";
import type { ReactNode } from "react";
import { useLook } from "./language.tsx";
import { useText } from "./text.ts";

export function LookSwitches(): ReactNode {
  const t = useText();
  const { language, setLanguage, theme, setTheme } = useLook();
  const other = language === "zh" ? "en" : "zh";
  const otherTheme = theme === "dark" ? "light" : "dark";
  return (
    <>
      <Button type="text" lang={other} onClick={() => setLanguage(other)}>
        {t("app.otherLanguage")}
      </Button>
      <Button
        type="text"
        icon={theme === "dark" ? <SunOutlined /> : <MoonOutlined />}
        aria-label={t(theme === "dark" ? "app.light" : "app.dark")}
        title={t(theme === "dark" ? "app.light" : "app.dark")}
        onClick={() => setTheme(otherTheme)}
      />
    </>
  );
}
