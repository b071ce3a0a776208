// What an experiment must look like before anything else is asked: names, shares that sum to the whole, and the two arms
// whose names mean something. Checked in one order, so that the same mistake is always told first.

import { championArm, holdoutArm } from "../domain/arm.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { digitCount } from "./experiment.ts";
import type { ArmShare, StrategyChoice } from "./experiment-ports.ts";

/** What a person asks for. `champion` and `holdout` are the names of those two arms; any other is a challenger's. */
export type ExperimentRequest = Readonly<{
  id: string;
  arms: readonly ArmShare[];
  shadows: readonly StrategyChoice[];
  actOn: readonly string[];
}>;

const namePattern = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const mostArms = 20;
const mostShadows = 5;

type Fault = Text & Readonly<{ pointer: string }>;

/** Refuses (invalid) whatever is not an experiment. */
export function shapeRefusal(request: ExperimentRequest): Refusal | null {
  const { id } = request;
  const fault = nameFault(request) ?? shareFault(request) ?? partFault(request);
  if (fault === null) return null;
  const { en, zh, pointer } = fault;
  return refuse("invalid", { en: `Experiment ${id}: ${en}`, zh: `实验 ${id}：${zh}` }, pointer);
}

function nameFault({ id, arms }: ExperimentRequest): Fault | null {
  const names = arms.map(({ name }) => name);
  const bad = [id, ...names].find((name) => !namePattern.test(name));
  if (bad !== undefined) {
    return {
      en: `found name "${bad}", expected 1 to 40 of a-z, 0-9, ".", "_" and "-"`,
      zh: `名称为“${bad}”，应为 1 至 40 个字符（a-z、0-9、“.”、“_”、“-”）`,
      pointer: bad === id ? "/id" : "/arms",
    };
  }
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    return { en: `found arm ${twice} twice`, zh: `实验组 ${twice} 重复`, pointer: "/arms" };
  }
  return names.includes(championArm)
    ? null
    : {
        en: `found no arm "${championArm}", expected one`,
        zh: `缺少实验组“${championArm}”`,
        pointer: "/arms",
      };
}

function shareFault({ arms }: ExperimentRequest): Fault | null {
  const pointer = "/arms";
  const bad = arms.find(({ shareBp }) => !Number.isSafeInteger(shareBp) || shareBp < 1);
  if (bad !== undefined) {
    const { name, shareBp } = bad;
    return {
      en: `found share ${shareBp} of arm ${name}, expected a whole number of basis points from 1`,
      zh: `实验组 ${name} 的份额为 ${shareBp}，应为不小于 1 的整数（基点）`,
      pointer,
    };
  }
  const sum = arms.reduce((total, { shareBp }) => total + shareBp, 0);
  return sum === digitCount
    ? null
    : {
        en: `found shares that sum to ${sum} basis points, expected ${digitCount}`,
        zh: `份额合计为 ${sum} 个基点，应为 ${digitCount}`,
        pointer,
      };
}

function partFault({ arms, shadows, actOn }: ExperimentRequest): Fault | null {
  const wrong = arms.find(({ name, strategy }) => (strategy === null) !== (name === holdoutArm));
  if (wrong !== undefined) {
    const { name } = wrong;
    return name === holdoutArm
      ? {
          en: `found a strategy in arm ${name}, expected none: it is assessed as the champion`,
          zh: `实验组 ${name} 不应指定策略（按冠军策略评估）`,
          pointer: "/arms",
        }
      : {
          en: `found no strategy in arm ${name}, expected one`,
          zh: `实验组 ${name} 未指定策略`,
          pointer: "/arms",
        };
  }
  if (arms.length < 2 && shadows.length === 0) {
    return {
      en: `found the arm ${championArm} alone, expected a challenger, a holdout or a shadow beside it`,
      zh: `仅有实验组 ${championArm}，应另有挑战者、留存对照组或陪跑策略`,
      pointer: "/arms",
    };
  }
  if (arms.length > mostArms || shadows.length > mostShadows) {
    return {
      en: `found ${arms.length} arms and ${shadows.length} shadows, expected at most ${mostArms} and ${mostShadows}`,
      zh: `共有 ${arms.length} 个实验组、${shadows.length} 份陪跑策略，至多 ${mostArms} 个与 ${mostShadows} 份`,
      pointer: "/arms",
    };
  }
  const unknown = actOn.find((code) => !Object.hasOwn(reasonCodes, code));
  return unknown === undefined
    ? null
    : {
        en: `found reason "${unknown}", expected one of ${Object.keys(reasonCodes).join(", ")}`,
        zh: `原因码为“${unknown}”，应为 ${Object.keys(reasonCodes).join("、")} 之一`,
        pointer: "/actOn",
      };
}
