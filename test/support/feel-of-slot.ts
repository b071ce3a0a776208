// Values of a run as FEEL has them, so that what a strategy says can be held against what FEEL says.

import { dateOfDay } from "../../src/domain/calendar.ts";
import { decimalText } from "../../src/domain/money.ts";
import { parseTemporal } from "../../src/policy/feel/temporal.ts";
import { feelNumber, type FeelValue } from "../../src/policy/feel/value.ts";
import type { OperandType } from "../../src/policy/operand.ts";

/** A slot as a value of FEEL, in the unit that people write. */
export function feelOfSlot(value: number, type: OperandType): FeelValue {
  if (Number.isNaN(value)) return null;
  switch (type.kind) {
    case "number":
    case "money":
      return feelNumber(decimalText(value, type.scale));
    case "boolean":
      return value === 1;
    case "date":
      return parseTemporal(dateOfDay(value));
    case "enum":
      return type.values[value] ?? null;
  }
}
