// A part of the document as YAML, for whoever prefers text. What can be read is taken over as it is typed; what speaks
// against it stands below, with the line that it is about.
import { Button } from "antd";
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from "react";
import { isNode, LineCounter, parseDocument, stringify, type Document } from "yaml";
import { useText } from "../app/text.ts";
import { pathOf } from "./document.ts";
import { useEditing, type Finding } from "./editing.ts";

type TextPartProps = Readonly<{
  label: string;
  value: unknown;
  /** pointer of the part; problems below it are told at their lines */
  pointer: string;
  onChange: (value: unknown) => void;
}>;

type Complaint = Readonly<{ line: number; text: string }>;

export function TextPart({ label, value, pointer, onChange }: TextPartProps): ReactNode {
  const id = useId();
  const { findings, place } = useEditing();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => written(value));
  const taken = useRef(value);
  // Another value than the one that was typed: it was undone, or came from elsewhere.
  useEffect(() => {
    if (value === taken.current) return;
    taken.current = value;
    setText(written(value));
  }, [value]);
  const { document, lines } = useMemo(() => read(text), [text]);
  const complaints = complaintsOf(document, lines, findings, pointer);
  const goTo = (line: number): void => {
    const from =
      text
        .split("\n")
        .slice(0, line - 1)
        .join("\n").length + (line > 1 ? 1 : 0);
    const end = text.indexOf("\n", from);
    area.current?.focus();
    area.current?.setSelectionRange(from, end === -1 ? text.length : end);
    const lineHeight = 20;
    if (area.current !== null) area.current.scrollTop = Math.max(0, (line - 4) * lineHeight);
  };
  useEffect(() => {
    if (place === null || !place.path.startsWith(pointer)) return;
    goTo(lineOf(document, lines, place.path.slice(pointer.length)));
    // Only a new wish moves the reader.
  }, [place]);
  return (
    <div className="text-part">
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <textarea
        id={id}
        ref={area}
        value={text}
        spellCheck={false}
        rows={Math.min(36, text.split("\n").length + 2)}
        aria-describedby={`${id}said`}
        aria-invalid={complaints.length > 0}
        onChange={({ target }) => {
          setText(target.value);
          const next = valueOf(target.value);
          if (next === unread) return;
          taken.current = next;
          onChange(next);
        }}
      />
      <Complaints id={`${id}said`} complaints={complaints} onGo={goTo} />
    </div>
  );
}

type ComplaintsProps = Readonly<{
  id: string;
  complaints: readonly Complaint[];
  onGo: (line: number) => void;
}>;

function Complaints({ id, complaints, onGo }: ComplaintsProps): ReactNode {
  const t = useText();
  return (
    <ul id={id} className="complaints">
      {complaints.map(({ line, text }, at) => (
        <li key={at}>
          <Button size="small" type="link" onClick={() => onGo(line)}>
            {t("editor.line", { line: String(line) })}
          </Button>{" "}
          {text}
        </li>
      ))}
    </ul>
  );
}

/** What makes the text unreadable; what speaks against what it says where it can be read. */
function complaintsOf(
  document: Document,
  lines: LineCounter,
  findings: readonly Finding[],
  pointer: string,
): readonly Complaint[] {
  if (document.errors.length > 0) {
    return document.errors.map(({ message, linePos }) => ({
      line: linePos?.[0].line ?? 1,
      text: message.split("\n")[0] ?? "",
    }));
  }
  return findings
    .filter(({ path }) => path === pointer || path.startsWith(`${pointer}/`))
    .map(({ path, text }) => ({
      line: lineOf(document, lines, path.slice(pointer.length)),
      text,
    }));
}

function written(value: unknown): string {
  return value === undefined ? "" : stringify(value, { lineWidth: 0 });
}

function read(text: string): Readonly<{ document: Document; lines: LineCounter }> {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines }), lines };
}

const unread = Symbol("unread");

/** What the text says; a name for a node that is nowhere is no error before its value is asked for. */
function valueOf(text: string): unknown {
  // An optional part without a text is no part.
  if (text.trim() === "") return undefined;
  const { document } = read(text);
  if (document.errors.length > 0) return unread;
  try {
    return document.toJS();
  } catch {
    return unread;
  }
}

/** The line of what a pointer leads to, or of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, pointer: string): number {
  for (let path = [...pathOf(pointer)]; ; path = path.slice(0, -1)) {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    if (path.length === 0) return 1;
  }
}
