// The reader's language: one switch for texts, antd, dates and the answers of the server, without a reload. It is kept
// in this browser, because it is the reader's and not the account's.
import { App as AntApp, ConfigProvider, theme as antTheme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import {
  createContext,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";
import { IntlProvider } from "react-intl";
import { speak } from "../api/client.ts";
import en from "../texts/en.json";
import zh from "../texts/zh.json";

export type Language = "zh" | "en";
export type Theme = "light" | "dark";

const texts = { zh, en } as const;
const locales = { zh: "zh-CN", en: "en-GB" } as const;
const antLocales = { zh: zhCN, en: enUS } as const;

type Look = Readonly<{
  language: Language;
  setLanguage: (language: Language) => void;
  theme: Theme;
  setTheme: (theme: Theme) => void;
  setTimeZone: (timeZone: string) => void;
}>;

const LookContext = createContext<Look | null>(null);

/** The language, the theme and the means to change them. */
export function useLook(): Look {
  const look = useContext(LookContext);
  if (look === null) throw new Error("Look is missing above this component");
  return look;
}

function firstLanguage(): Language {
  const kept = localStorage.getItem("tidemark.language");
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

function firstTheme(): Theme {
  const kept = localStorage.getItem("tidemark.theme");
  if (kept === "light" || kept === "dark") return kept;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Allows antd to add its styles under the content security policy. */
function nonceOfPage(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? meta?.getAttribute("nonce") ?? "";
}

const nonce = nonceOfPage();

/** The reader asked the system for less motion. */
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

const tokens = {
  colorPrimary: "#0b5563",
  colorInfo: "#0b5563",
  colorLink: "#0b5563",
  colorSuccess: "#00684f",
  colorWarning: "#8a5300",
  colorError: "#b3261e",
  colorTextDescription: "#54636b",
  colorTextTertiary: "#54636b",
  colorTextPlaceholder: "#66757d",
  borderRadius: 4,
  fontSize: 14,
  fontFamily:
    'Inter, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif',
} as const;

const darkTokens = {
  ...tokens,
  colorPrimary: "#4fb3c4",
  colorInfo: "#4fb3c4",
  colorLink: "#7cc7d4",
  colorSuccess: "#4cc09a",
  colorWarning: "#e0a34a",
  colorError: "#ff8a80",
  colorTextDescription: "#a5b4bb",
  colorTextTertiary: "#a5b4bb",
  colorTextPlaceholder: "#95a5ac",
  colorTextLightSolid: "#06222a",
} as const;

/** Everything that depends on language and theme. */
export function LookProvider({ children }: Readonly<{ children: ReactNode }>): ReactNode {
  const [language, setLanguage] = useState(firstLanguage);
  const [theme, setTheme] = useState(firstTheme);
  const [timeZone, setTimeZone] = useState("Asia/Shanghai");
  speak(language);
  useLayoutEffect(() => {
    localStorage.setItem("tidemark.language", language);
    document.documentElement.lang = locales[language];
    document.title = texts[language]["app.title"];
    dayjs.locale(language === "zh" ? "zh-cn" : "en");
  }, [language]);
  useLayoutEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  const look = useMemo<Look>(() => {
    const keepTheme = (to: Theme): void => {
      localStorage.setItem("tidemark.theme", to);
      setTheme(to);
    };
    return { language, setLanguage, theme, setTheme: keepTheme, setTimeZone };
  }, [language, theme]);
  const dark = theme === "dark";
  const algorithm = dark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm;
  return (
    <LookContext.Provider value={look}>
      <IntlProvider locale={locales[language]} messages={texts[language]} timeZone={timeZone}>
        <ConfigProvider
          locale={antLocales[language]}
          csp={{ nonce }}
          button={{ autoInsertSpace: false }}
          theme={{
            algorithm: [algorithm, antTheme.compactAlgorithm],
            token: { ...(dark ? darkTokens : tokens), motion: !still },
          }}
        >
          <AntApp component={false}>{children}</AntApp>
        </ConfigProvider>
      </IntlProvider>
    </LookContext.Provider>
  );
}
