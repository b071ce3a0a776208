// One version of the words of notices: read in both languages side by side, what is other than in force, changed into a
// new draft, and approved by somebody who did not write it.
import { Button, Input } from "antd";
import { useId, useState, type ReactNode } from "react";
import { useNavigate, useParams } from "react-router";
import { changes, type NoticeWords } from "../api/changes.ts";
import { reads, type NoticeTexts } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText } from "../app/text.ts";
import { ActButton } from "../parts/act-button.tsx";
import { DataTable } from "../parts/data-table.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { Who } from "../parts/short-id.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered, Nothing } from "../parts/states.tsx";

const stale = ["notice-texts"];

export function NoticeTextPage(): ReactNode {
  const { version = "" } = useParams();
  const query = useRead(["notice-texts", version], () => reads.noticeTextsOf(Number(version)));
  return (
    <Answered query={query}>{(texts) => <OfVersion key={texts.hash} texts={texts} />}</Answered>
  );
}

/** Messages of one version that were changed on this page, by key. */
type Edited = Readonly<Record<string, Readonly<{ zh: string; en: string }>>>;

function OfVersion({ texts }: Readonly<{ texts: NoticeTexts }>): ReactNode {
  const t = useText();
  const [edited, setEdited] = useState<Edited>({});
  const [editing, setEditing] = useState<string | null>(null);
  const { version, state, inForce, author, addedAt, approvedBy, approvedAt } = texts;
  const zh = { ...texts.texts.zh };
  const en = { ...texts.texts.en };
  for (const [key, words] of Object.entries(edited)) {
    zh[key] = words.zh;
    en[key] = words.en;
  }
  const words: NoticeWords = { zh, en };
  return (
    <Page
      title={t("noticeText.title", { version })}
      about={<StateTag group="textsState" state={state} />}
      actions={
        <>
          <Save words={words} count={Object.keys(edited).length} />
          <Approve texts={texts} />
        </>
      }
    >
      <Panel title={t("noticeText.version")}>
        <Pairs
          pairs={[
            [t("noticeText.inForce"), inForce ? t("noticeText.holds") : "–"],
            [t("noticeText.author"), <Who key="author" id={author} />],
            [t("noticeText.addedAt"), <Moment key="added" at={addedAt} />],
            [t("noticeText.approvedBy"), <Who key="approver" id={approvedBy} />],
            [t("noticeText.approvedAt"), <Moment key="approved" at={approvedAt} />],
          ]}
        />
      </Panel>
      {!inForce && <OtherThanInForce words={words} />}
      {editing !== null && (
        <Edit
          key={editing}
          name={editing}
          words={words}
          onClose={() => setEditing(null)}
          onEdited={(said) => setEdited({ ...edited, [editing]: said })}
        />
      )}
      <Words words={words} onEdit={setEditing} />
    </Page>
  );
}

function Approve({ texts }: Readonly<{ texts: NoticeTexts }>): ReactNode {
  const t = useText();
  const [open, setOpen] = useState(false);
  const { version, hash, state } = texts;
  return (
    <>
      <ActButton
        operation="approveNoticeTexts"
        because={state === "draft" ? null : t("noticeText.onlyDrafts")}
        look={{ type: "primary" }}
        onAct={() => setOpen(true)}
      >
        {t("noticeText.approve")}
      </ActButton>
      <Dialog
        open={open}
        title={t("noticeText.approve")}
        stale={stale}
        onClose={() => setOpen(false)}
        send={(key) => changes.approveNoticeTexts(version, hash, key)}
      >
        <p>{t("noticeText.approveAbout")}</p>
      </Dialog>
    </>
  );
}

function Save({ words, count }: Readonly<{ words: NoticeWords; count: number }>): ReactNode {
  const t = useText();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  if (count === 0) return null;
  return (
    <>
      <span className="quiet">{t("noticeText.changed", { count })}</span>
      <ActButton operation="addNoticeTexts" onAct={() => setOpen(true)}>
        {t("noticeText.save")}
      </ActButton>
      <Dialog
        open={open}
        title={t("noticeText.save")}
        stale={stale}
        onClose={() => setOpen(false)}
        send={async (key) => {
          const { version } = await changes.draftNoticeTexts(words, key);
          await navigate(to.noticeText(version));
        }}
      >
        <p>{t("noticeText.saveAbout")}</p>
      </Dialog>
    </>
  );
}

/** Keys of both languages, in the order of the document. */
function keysOf({ zh, en }: NoticeWords): readonly string[] {
  return [...new Set([...Object.keys(zh), ...Object.keys(en)])];
}

function OtherThanInForce({ words }: Readonly<{ words: NoticeWords }>): ReactNode {
  const t = useText();
  const versions = useRead(["notice-texts"], reads.noticeTexts);
  const held = versions.data?.data.find(({ inForce }) => inForce)?.version;
  const query = useRead(["notice-texts", String(held)], () => reads.noticeTextsOf(held ?? 0), {
    when: held !== undefined,
  });
  return (
    <Panel title={t("noticeText.changes")}>
      <Answered query={query}>
        {({ texts: now }) => {
          const other = [...new Set([...keysOf(now), ...keysOf(words)])].filter(
            (key) => now.zh[key] !== words.zh[key] || now.en[key] !== words.en[key],
          );
          if (other.length === 0) return <Nothing>{t("noticeText.same")}</Nothing>;
          return (
            <DataTable
              caption={t("noticeText.changes")}
              rows={other}
              keyOf={(key) => key}
              columns={[
                { key: "key", title: t("noticeText.key"), cell: (key) => <code>{key}</code> },
                ...(["zh", "en"] as const).map((one) => ({
                  key: one,
                  title: t(`noticeText.${one}`),
                  cell: (key: string) => <Changed from={now[one][key]} to={words[one][key]} />,
                })),
              ]}
            />
          );
        }}
      </Answered>
    </Panel>
  );
}

type ChangedProps = Readonly<{ from: string | undefined; to: string | undefined }>;

function Changed({ from, to: now }: ChangedProps): ReactNode {
  if (from === now) return now;
  return (
    <>
      {from !== undefined && <del>{from}</del>} {now !== undefined && <ins>{now}</ins>}
    </>
  );
}

type WordsProps = Readonly<{ words: NoticeWords; onEdit: (key: string) => void }>;

function Words({ words, onEdit }: WordsProps): ReactNode {
  const t = useText();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const rows = keysOf(words).filter((key) =>
    `${key} ${words.zh[key]} ${words.en[key]}`.toLowerCase().includes(wanted),
  );
  return (
    <Panel title={t("noticeText.words")}>
      <div className="filters" role="search" aria-label={t("list.filters")}>
        <SearchBox label={t("noticeText.find")} text={text} onText={setText} />
      </div>
      {rows.length === 0 ? (
        <Nothing>{t("noticeText.none")}</Nothing>
      ) : (
        <DataTable
          caption={t("noticeText.words")}
          rows={rows}
          keyOf={(key) => key}
          columns={[
            { key: "key", title: t("noticeText.key"), cell: (key) => <code>{key}</code> },
            { key: "zh", title: t("noticeText.zh"), cell: (key) => words.zh[key] },
            { key: "en", title: t("noticeText.en"), cell: (key) => words.en[key] },
            {
              key: "edit",
              acts: true,
              title: t("noticeText.edit"),
              cell: (key) => (
                <Button size="small" onClick={() => onEdit(key)}>
                  {t("noticeText.edit")}
                </Button>
              ),
            },
          ]}
        />
      )}
    </Panel>
  );
}

type EditProps = Readonly<{
  name: string;
  words: NoticeWords;
  onClose: () => void;
  onEdited: (said: Readonly<{ zh: string; en: string }>) => void;
}>;

/** Changes stay on the page until they are saved as a draft, so nothing is sent here. */
function Edit({ name, words, onClose, onEdited }: EditProps): ReactNode {
  const t = useText();
  const id = useId();
  const [zh, setZh] = useState(words.zh[name] ?? "");
  const [en, setEn] = useState(words.en[name] ?? "");
  return (
    <Panel
      title={<code>{name}</code>}
      extra={
        <>
          <Button onClick={onClose}>{t("act.cancel")}</Button>{" "}
          <Button
            type="primary"
            onClick={() => {
              onEdited({ zh, en });
              onClose();
            }}
          >
            {t("noticeText.edit")}
          </Button>
        </>
      }
    >
      <p>{t("noticeText.editAbout")}</p>
      <label htmlFor={`${id}zh`}>{t("noticeText.zh")}</label>
      <Input.TextArea
        id={`${id}zh`}
        autoFocus
        autoSize
        value={zh}
        onChange={(event) => setZh(event.target.value)}
      />
      <label htmlFor={`${id}en`}>{t("noticeText.en")}</label>
      <Input.TextArea
        id={`${id}en`}
        autoSize
        value={en}
        onChange={(event) => setEn(event.target.value)}
      />
    </Panel>
  );
}
