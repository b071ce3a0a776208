// Money and numbers as the reader writes them: whole minor units divided by the power of ten of their currency, for
// the eye only, in figures of one width.
import type { Money } from "../api/reads.ts";
import type { ReactNode } from "react";
import { useIntl, type IntlShape } from "react-intl";

const exponents = new Map<string, number>();

/** Minor units in one unit of a currency, as a power of ten. */
export function exponentOf(currency: string): number {
  const known = exponents.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  const exponent = format.resolvedOptions().maximumFractionDigits ?? 2;
  exponents.set(currency, exponent);
  return exponent;
}

/** Money as text. `whole` leaves out the minor part. */
export function moneyText(intl: IntlShape, money: Money, whole = false): string {
  const exponent = exponentOf(money.currency);
  return intl.formatNumber(money.amount / 10 ** exponent, {
    style: "currency",
    currency: money.currency,
    currencyDisplay: "narrowSymbol",
    ...(whole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {}),
  });
}

type AmountProps = Readonly<{ money: Money | null | undefined; whole?: boolean }>;

export function Amount({ money, whole = false }: AmountProps): ReactNode {
  const intl = useIntl();
  if (money === null || money === undefined) return <span className="quiet">–</span>;
  return (
    <span className="amount" data-value={plainMoney(money)}>
      {moneyText(intl, money, whole)}
    </span>
  );
}

/** Money for a file: its currency and a plain decimal number, exact. */
function plainMoney({ amount, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, "0");
  const whole = `${amount < 0 ? "-" : ""}${digits.slice(0, digits.length - exponent)}`;
  return `${currency} ${exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`}`;
}

/** Basis points as percent. */
export function percentText(intl: IntlShape, basisPoints: number): string {
  return intl.formatNumber(basisPoints / 10_000, { style: "percent", maximumFractionDigits: 1 });
}
