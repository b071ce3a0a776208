// The editor of a draft: its parts at the left, one of them in the middle, and beside it what speaks against it, what it
// would do, and what it changes. Everything that is written is saved at once, step by step undone, and handed in from here.
import { ArrowLeftOutlined, RedoOutlined, UndoOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useMemo, useReducer, useState, type ReactNode } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { newKey } from "../api/client.ts";
import { reads, type StrategyCheck, type StrategySummary } from "../api/reads.ts";
import { useLook } from "../app/language.tsx";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { MoveVersion } from "../pages/strategy-acts.tsx";
import { useRoleReason } from "../parts/act-button.tsx";
import { Page } from "../parts/page.tsx";
import { Answered } from "../parts/states.tsx";
import { useAutosave, type Autosave } from "./autosave.ts";
import { listOf, put, recordOf, type Doc, type Path } from "./document.ts";
import "./editor.css";
import {
  EditingContext,
  useEditing,
  partOf,
  problemsOf,
  type Editing,
  type Finding,
  type Place,
} from "./editing.ts";
import { begun, redone, stepped, undone, type History } from "./history.ts";
import { Outline } from "./outline.tsx";
import { PartView } from "./part-view.tsx";
import { SidePanel } from "./side-panel.tsx";

type Strategy = Awaited<ReturnType<typeof reads.strategy>>;

export function StrategyEditorPage(): ReactNode {
  const { id = "", version = "" } = useParams();
  // A document is edited from what is stored now, never from what was read before.
  const [round, setRound] = useState(newKey);
  const query = useRead(["draft", id, version, round], () => reads.strategy(id, version));
  const queries = useQueryClient();
  useEffect(
    () => () =>
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "strategies" }),
    [queries],
  );
  return (
    <Answered query={query}>
      {(strategy) => <Draft key={round} strategy={strategy} onReload={() => setRound(newKey())} />}
    </Answered>
  );
}

type DraftProps = Readonly<{ strategy: Strategy; onReload: () => void }>;

/** Only drafts are edited, and only by who may. */
function Draft({ strategy, onReload }: DraftProps): ReactNode {
  const t = useText();
  const reason = useRoleReason("editStrategy");
  const { id, version, state } = strategy;
  const back = <Link to={to.strategy(id, version)}>{t("editor.back")}</Link>;
  if (state !== "draft" || reason !== null) {
    return (
      <Page title={`${id} v${version}`} about={back}>
        <Alert type="info" showIcon title={reason ?? t("editor.noDraft")} />
      </Page>
    );
  }
  return <Editor strategy={strategy} onReload={onReload} />;
}

type Turn =
  | Readonly<{ kind: "change"; path: Path; value: unknown; mark: string | null }>
  | Readonly<{ kind: "undo" | "redo" }>;

function turned(history: History, turn: Turn): History {
  if (turn.kind === "change") {
    return stepped(history, put<Doc>(history.present, turn.path, turn.value), turn.mark);
  }
  return turn.kind === "undo" ? undone(history) : redone(history);
}

function Editor({ strategy, onReload }: DraftProps): ReactNode {
  const { version, hash } = strategy;
  const [first] = useState(() => ({ document: strategy.document, hash }));
  const [history, turn] = useReducer(turned, first.document, begun);
  const document = history.present;
  const autosave = useAutosave(strategy, first, document);
  const [lit, setLit] = useState<ReadonlySet<string>>(new Set());
  const [part, setPart] = useState(() =>
    listOf(document["tables"]).length > 0 ? "/tables/0" : "/head",
  );
  const [place, setPlace] = useState<Place | null>(null);
  const check = useCheck(strategy, autosave);
  const stored: StrategySummary = { ...strategy, version, hash: autosave.saved.hash };
  const editing: Editing = {
    ...{ strategy: stored, document, autosave, findings: check.findings, part, place, lit },
    change: (path, value, mark) => turn({ kind: "change", path, value, mark: mark ?? null }),
    undo: () => turn({ kind: "undo" }),
    redo: () => turn({ kind: "redo" }),
    goTo: (pointer) => {
      setPart(pointer === "/head" ? pointer : partOf(pointer, document));
      setPlace({ path: pointer });
    },
  };
  return (
    <EditingContext.Provider value={editing}>
      <EditorFrame history={history} onReload={onReload}>
        <SidePanel check={check} onLit={setLit} />
      </EditorFrame>
    </EditingContext.Provider>
  );
}

/** Documents up to here are checked whenever they were saved; larger ones when somebody asks. */
const checkedAlways = 600;

export type Check = Readonly<{
  /** of the document as it is saved; null: not known yet */
  report: StrategyCheck | null;
  checking: boolean;
  ask: () => void;
  findings: readonly Finding[];
}>;

function useCheck({ id, version }: StrategySummary, { saved, state }: Autosave): Check {
  const { language } = useLook();
  const [asked, setAsked] = useState<string | null>(null);
  const rows = listOf(saved.document["tables"]).reduce<number>(
    (sum, table) => sum + listOf(recordOf(table)["rows"]).length,
    0,
  );
  const query = useRead(
    ["draft", "check", id, version, saved.hash],
    () => reads.strategyCheck(id, version),
    { when: state === "saved" && (rows <= checkedAlways || asked === saved.hash) },
  );
  const report = query.data?.hash === saved.hash ? query.data : null;
  const findings = useMemo(
    () =>
      report === null
        ? problemsOf(saved, language)
        : report.findings.map(({ path, severity, text, example }) => ({
            ...{ path, severity, text: text[language], example },
          })),
    [report, saved, language],
  );
  return { report, checking: query.isFetching, ask: () => setAsked(saved.hash), findings };
}

type FrameProps = Readonly<{ history: History; onReload: () => void; children: ReactNode }>;

function EditorFrame({ history, onReload, children }: FrameProps): ReactNode {
  const t = useText();
  const navigate = useNavigate();
  const { strategy, autosave, undo, redo } = useEditingKeys();
  const { id, version } = strategy;
  return (
    <Page
      title={t("editor.title", { name: `${id} v${version}` })}
      about={
        <>
          <Link to={to.strategy(id, version)}>
            <ArrowLeftOutlined aria-hidden="true" /> {t("editor.back")}
          </Link>{" "}
          · <SaveWord autosave={autosave} />
        </>
      }
      actions={
        <>
          <Button
            icon={<UndoOutlined />}
            aria-label={t("editor.undo")}
            disabled={history.past.length === 0}
            onClick={undo}
          />
          <Button
            icon={<RedoOutlined />}
            aria-label={t("editor.redo")}
            disabled={history.future.length === 0}
            onClick={redo}
          />
          <MoveVersion
            strategy={strategy}
            step="submit"
            because={autosave.state === "saved" ? null : t("editor.saveFirst")}
            onDone={() => void navigate(to.strategy(id, version))}
          />
        </>
      }
    >
      <Conflict autosave={autosave} onReload={onReload} />
      <div className="editor">
        <Outline />
        <PartView />
        {children}
      </div>
    </Page>
  );
}

function SaveWord({ autosave: { state, error } }: Readonly<{ autosave: Autosave }>): ReactNode {
  const t = useText();
  const failed = state === "failed" ? (error?.problem?.detail ?? t("state.unreachable")) : null;
  return (
    <span role="status" className={`save-state ${state}`}>
      {t(`save.${state}`)}
      {failed !== null && <>: {failed}</>}
    </span>
  );
}

type ConflictProps = Readonly<{ autosave: Autosave; onReload: () => void }>;

/** Somebody else saved: nothing is lost before one of the two ways is chosen. */
function Conflict({ autosave, onReload }: ConflictProps): ReactNode {
  const t = useText();
  if (autosave.state !== "conflict") return null;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t("save.conflict")}
      description={t("save.conflictAbout")}
      action={
        <span className="editor-bar">
          <Button onClick={onReload}>{t("save.takeTheirs")}</Button>
          <Button danger onClick={() => void autosave.overwrite()}>
            {t("save.keepMine")}
          </Button>
        </span>
      }
    />
  );
}

/** The editor, with undo and redo by key wherever no field has its own. */
function useEditingKeys(): Editing {
  const editing = useEditing();
  const { undo, redo } = editing;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const field = (event.target as Element).closest("input, textarea");
      if (field !== null || !(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  return editing;
}
