// CloudEvents 1.0 as signals come in: the envelope is read strictly, the payload against the catalogue, and what comes
// out is a signal and the name of what it is about. Who is wrong is told by field, and nothing is repaired.

import { parseAskedDate, type BusinessDate, type Instant } from "../domain/calendar.ts";
import type { Currency } from "../domain/money.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import {
  eventTypePrefix,
  signalSpec,
  type SignalSubject,
  type SignalType,
} from "../domain/signal-catalogue.ts";
import type { Signal, SignalData } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import { kindOf, payloadRefusal } from "./signal-payload.ts";

/** What a CloudEvent says. `subject` names what it is about: a line, a customer or a part of the environment. */
export type ToldEvent = Readonly<{ about: SignalSubject; subject: string; signal: Signal }>;

/** What reading an event may know of its surroundings. */
export type EventReading = Readonly<{
  /** the business date of an instant in the lender's time zone */
  dateOf: (at: Instant) => BusinessDate;
  today: BusinessDate;
  /** events may be ahead of our clock until then */
  latest: Instant;
}>;

type Fields = Readonly<Record<string, unknown>>;

/** The signal in a CloudEvent (CloudEvents 1.0.2, §3), or the first thing that is wrong with it. */
export function readCloudEvent(event: unknown, reading: EventReading): ToldEvent | Refusal {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    return wrong("", event, {
      en: "a CloudEvent as a JSON object",
      zh: "JSON 对象形式的 CloudEvent",
    });
  }
  const fields = event as Fields;
  const envelope = envelopeRefusal(fields);
  if (envelope !== null) return envelope;
  const type = typeOf(fields["type"] as string);
  if (isRefusal(type)) return type;
  const when = momentOf(fields, reading);
  if (isRefusal(when)) return when;
  const spec = signalSpec(type)!;
  const data = fields["data"] as SignalData;
  const [id, source] = [String(fields["id"]), String(fields["source"])];
  const told = { en: `Signal ${id} of type ${type}`, zh: `信号 ${id}（${type}）` };
  const payload = payloadRefusal(spec, data, { told, at: "/data", currency: null });
  if (payload !== null) return payload;
  return {
    about: spec.about,
    subject: String(fields["subject"]),
    signal: { ...{ source, id, type }, ...when, ...contentsOf(type, data) },
  };
}

const longest = { id: 200, source: 200, subject: 200, type: 200 } as const;
const context: ReadonlySet<string> = new Set([
  ...["specversion", "id", "source", "type", "subject", "time", "asof", "data"],
  ...["datacontenttype", "dataschema"],
]);
const extension = /^[a-z0-9]{1,40}$/;

function envelopeRefusal(fields: Fields): Refusal | null {
  if (fields["specversion"] !== "1.0")
    return wrong("/specversion", fields["specversion"], is("1.0"));
  for (const name of ["id", "source", "type", "subject"] as const) {
    if (isPlainText(fields[name], longest[name])) continue;
    return wrong(`/${name}`, fields[name], {
      en: `1 to ${longest[name]} visible characters`,
      zh: `1 至 ${longest[name]} 个可见字符`,
    });
  }
  const media = fields["datacontenttype"];
  if (media !== undefined && !isJson(media)) {
    return wrong("/datacontenttype", media, is("application/json"));
  }
  const stranger = Object.keys(fields).find((name) => !context.has(name) && !extension.test(name));
  if (stranger !== undefined || fields["data_base64"] !== undefined) {
    return wrong("", fields, {
      en: "attributes of CloudEvents in lower case and data as JSON",
      zh: "小写的 CloudEvents 属性与 JSON 格式的 data",
    });
  }
  const { data } = fields;
  return typeof data === "object" && data !== null && !Array.isArray(data)
    ? null
    : wrong("/data", data, { en: "an object", zh: "对象" });
}

function isPlainText(value: unknown, most: number): value is string {
  return typeof value === "string" && value.length <= most && /^[^\p{C}\p{Z}]+$/u.test(value);
}

function isJson(media: unknown): boolean {
  return typeof media === "string" && /^application\/(?:[\w.-]+\+)?json\b/i.test(media);
}

function typeOf(type: string): SignalType | Refusal {
  const name = type.startsWith(eventTypePrefix) ? type.slice(eventTypePrefix.length) : null;
  return name !== null && signalSpec(name) !== undefined
    ? (name as SignalType)
    : refuse(
        "invalid",
        {
          en: `Unknown type of signal: found ${type}, expected ${eventTypePrefix} and a type of the catalogue`,
          zh: `未知信号类型：${type}，应为 ${eventTypePrefix} 加目录中的类型`,
        },
        "/type",
      );
}

/** `asof` says the day of the books; else it is the day of `time`. One of them must be there: facts have a date. */
function momentOf(
  fields: Fields,
  { dateOf, today, latest }: EventReading,
): Pick<Signal, "asOf" | "happenedAt"> | Refusal {
  const { time, asof } = fields;
  const stated = asof === undefined ? null : parseAskedDate(asof);
  if (asof !== undefined && stated === null) {
    return wrong("/asof", asof, {
      en: "an existing day as YYYY-MM-DD",
      zh: "存在的日期 YYYY-MM-DD",
    });
  }
  const happenedAt = time === undefined ? null : readTime(time);
  if (time !== undefined && happenedAt === null) {
    return wrong("/time", time, {
      en: "a time by RFC 3339 in the years 1800 to 2999",
      zh: "符合 RFC 3339 的时间，年份 1800 至 2999",
    });
  }
  if (happenedAt !== null && happenedAt > latest) return ahead("/time", happenedAt, latest);
  if (stated !== null && stated > today) return ahead("/asof", stated, today);
  if (happenedAt === null) {
    if (stated !== null) return { asOf: stated };
    return wrong("/time", undefined, { en: "time or asof", zh: "time 或 asof" });
  }
  const day = dateOf(happenedAt);
  return { happenedAt, asOf: stated ?? (day > today ? today : day) };
}

function ahead(pointer: string, found: string, latest: string): Refusal {
  return refuse(
    "future-date",
    {
      en: `${pointer}: found ${found}, expected ${latest} or earlier`,
      zh: `${pointer}：为 ${found}，不应晚于 ${latest}`,
    },
    pointer,
  );
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function readTime(time: unknown): Instant | null {
  const day = typeof time === "string" ? rfc3339.exec(time)?.[1] : undefined;
  if (day === undefined || parseAskedDate(day) === null) return null;
  const milliseconds = Date.parse((time as string).toUpperCase());
  return Number.isNaN(milliseconds) ? null : (new Date(milliseconds).toISOString() as Instant);
}

/** Amounts, facts and complaints stand in the signal itself, all else in its data. */
function contentsOf(type: SignalType, data: SignalData): Partial<Signal> {
  const spec = signalSpec(type)!;
  if (spec.does === "kept") return { data };
  const own = Object.entries(data).map(([name, value]) => {
    if (spec.fields[name]!.type !== "money") return [name, value];
    const { amount, currency } = value as Readonly<{ amount: number; currency: Currency }>;
    return [name, { amountMinor: amount, currency }];
  });
  return Object.fromEntries(own) as Partial<Signal>;
}

function is(text: string): Text {
  return { en: text, zh: text };
}

function wrong(pointer: string, value: unknown, expected: Text): Refusal {
  const found = kindOf(value);
  const at = pointer === "" ? "CloudEvent" : pointer;
  const detail = {
    en: `${at}: found ${found.en}, expected ${expected.en}`,
    zh: `${at}：为${found.zh}，应为${expected.zh}`,
  };
  return pointer === "" ? refuse("invalid", detail) : refuse("invalid", detail, pointer);
}
