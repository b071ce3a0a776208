// Whether a change to a line is adverse action, and what the customer is then owed, is a question of law that turns on
// cause, on whether a whole class is affected, on the customer's agreement and on the place. The answer is read off the
// pack's own rules and names the rule that gave it.

import type { Cause } from "../domain/decision.ts";
import type {
  AdverseActionRule,
  Agreement,
  CompliancePack,
  ContentDuty,
  GatedAction,
  NoticeKind,
  NoticePeriod,
  PackRef,
  Value,
  ValueStatus,
} from "./pack.ts";
import { strictestPeriod } from "./strict-reading.ts";
import type { Text } from "../domain/text.ts";

/**
 * A change as notice law looks at it. Left out: one customer's line, not known to be overdue, without the customer's
 * agreement, no bureau data.
 */
export type LineChangeAsked = Readonly<{
  action: GatedAction;
  cause: Cause;
  /** the change affects all or substantially all lines of a class */
  classWide?: boolean;
  /** the line itself is overdue on the day of the change; its cause alone does not say so */
  presentlyOverdue?: boolean;
  agreement?: Agreement;
  bureauDataUsed?: boolean;
}>;

/** The rule that decided, as it is cited. */
export type CitedRule = Readonly<{
  pack: PackRef;
  /** JSON pointer of the rule in the pack */
  pointer: string;
  id: string;
  says: Text;
  source: string;
  status: ValueStatus;
}>;

/**
 * `period` is the one that the gate applies; null where no notice is owed. `passedOver` are unconfirmed rules that
 * would have freed the lender from the notice: they were not relied on.
 */
export type Classification = Readonly<{
  notifiable: boolean;
  notice: NoticeKind | null;
  period: NoticePeriod | null;
  content: readonly ContentDuty[];
  rule: CitedRule;
  passedOver: readonly CitedRule[];
}>;

/**
 * Reads the rules in order; the first one that applies decides. An unconfirmed rule never takes a notice away and may
 * add to it: what it asks for is owed beside what the first sure rule asks for.
 */
export function classifyAdverseAction(
  pack: CompliancePack,
  asked: LineChangeAsked,
): Classification {
  const applying = pack.adverseAction
    .map((rule, index) => ({ rule, index }))
    .filter(({ rule }) => applies(rule.value, asked));
  const surely = applying.findIndex(({ rule }) => rule.status !== "unconfirmed");
  const considered = surely === -1 ? applying : applying.slice(0, surely + 1);
  const asking = considered.filter(({ rule }) => rule.value.notice !== null);
  const deciding = asking[0] ?? considered.at(-1);
  if (deciding === undefined) {
    throw new Error(`Cannot classify change under pack ${pack.id}: its last rule has conditions`);
  }
  const { notice } = deciding.rule.value;
  const content = asking.flatMap(({ rule }) => contentOf(rule.value, asked));
  const passedOver = considered.filter(
    ({ rule }) => rule.status === "unconfirmed" && rule.value.notice === null && notice !== null,
  );
  return {
    notifiable: notice !== null,
    notice,
    period: notice === null ? null : strictestPeriod(pack, asked.action, asked.cause),
    content: [...new Set(content)],
    rule: cite(pack, deciding.rule, deciding.index),
    passedOver: passedOver.map(({ rule, index }) => cite(pack, rule, index)),
  };
}

function applies({ if: conditions }: AdverseActionRule, asked: LineChangeAsked): boolean {
  const { actions, causes, classWide, presentlyOverdue, agreements } = conditions;
  return (
    (actions === undefined || actions.includes(asked.action)) &&
    (causes === undefined || causes.includes(asked.cause)) &&
    (classWide === undefined || classWide === (asked.classWide ?? false)) &&
    (presentlyOverdue === undefined || presentlyOverdue === (asked.presentlyOverdue ?? false)) &&
    (agreements === undefined || agreements.includes(asked.agreement ?? "none"))
  );
}

function contentOf(rule: AdverseActionRule, asked: LineChangeAsked): readonly ContentDuty[] {
  return asked.bureauDataUsed === true ? [...rule.content, ...rule.contentIfBureau] : rule.content;
}

function cite(pack: CompliancePack, rule: Value<AdverseActionRule>, index: number): CitedRule {
  return {
    pack: { id: pack.id, version: pack.version },
    pointer: `/adverseAction/${index}`,
    id: rule.value.id,
    says: rule.value.says,
    source: rule.source,
    status: rule.status,
  };
}
