// Money is integer minor units plus an ISO 4217 currency: no floats anywhere, and amounts of two
// currencies never meet. The law lives here so that no adapter or strategy rounds on its own.

/** ISO 4217 exponents of the currencies Tidemark accepts: digits after the decimal point. */
export const currencyExponents = {
  AUD: 2,
  BRL: 2,
  CNY: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  SGD: 2,
  TWD: 2,
  USD: 2,
  ZAR: 2,
} as const;

export type Currency = keyof typeof currencyExponents;

export type Money = Readonly<{ amountMinor: number; currency: Currency }>;

/** Rates and cut percentages: 10,000 basis points = 100 %. */
export const basisPointsPerOne = 10_000;

/** True for the ISO 4217 codes of {@link currencyExponents}. */
export function isCurrency(code: unknown): code is Currency {
  return typeof code === "string" && Object.hasOwn(currencyExponents, code);
}

/** Makes money; throws RangeError unless `amountMinor` is a safe integer. */
export function money(amountMinor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amountMinor)) {
    throw new RangeError(`Cannot make money: found ${amountMinor}, expected whole minor units`);
  }
  return { amountMinor, currency };
}

/**
 * Reads a decimal amount in major units ("20000", "-12.50") as minor units, exactly.
 * @returns the minor units, or null when the text is not a plain decimal number, has more decimals than
 * the currency, or exceeds 2^53 - 1.
 */
export function minorUnits(text: string, currency: Currency): number | null {
  return scaledInteger(text, currencyExponents[currency]);
}

/**
 * Reads a plain decimal number as an integer scaled by 10^scale, exactly. Trailing zeros beyond the
 * scale are accepted ("1.500" at scale 2), other digits there are not.
 * @returns the scaled integer or null when the text cannot be represented.
 */
export function scaledInteger(text: string, scale: number): number | null {
  const match = /^([+-]?)(\d{1,16})(?:\.(\d{1,20}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const kept = fraction.slice(0, scale).padEnd(scale, "0");
  if (/[1-9]/.test(fraction.slice(scale))) return null;
  const value = Number(whole + kept);
  if (!Number.isSafeInteger(value)) return null;
  return sign === "-" && value !== 0 ? -value : value;
}

/** Writes a scaled integer as a plain decimal number: (1250, 2) → "12.50". */
export function decimalText(scaled: number, scale: number): string {
  const digits = String(Math.abs(scaled)).padStart(scale + 1, "0");
  const sign = scaled < 0 ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Writes money for messages, the same on every machine and locale: "1,200.00 CNY". */
export function moneyText(amount: Money): string {
  const [whole = "", fraction] = decimalText(
    amount.amountMinor,
    currencyExponents[amount.currency],
  ).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}${fraction === undefined ? "" : `.${fraction}`} ${amount.currency}`;
}

export type Rounding = "down" | "up" | "half-even";

/**
 * Exact `value × numerator ÷ denominator` over integers of any size, rounded as stated. "down" is
 * towards negative infinity, "up" towards positive infinity, "half-even" to the nearest, ties to even.
 * Throws RangeError when the denominator is not positive or the result leaves the safe integers.
 */
export function mulDiv(
  value: number,
  numerator: number,
  denominator: number,
  rounding: Rounding,
): number {
  if (!(denominator > 0)) {
    throw new RangeError(`Cannot divide: found denominator ${denominator}, expected above 0`);
  }
  const product = value * numerator;
  if (Number.isSafeInteger(product)) return divide(product, denominator, rounding);
  const exact = divideBig(BigInt(value) * BigInt(numerator), BigInt(denominator), rounding);
  const result = Number(exact);
  if (!Number.isSafeInteger(result)) {
    throw new RangeError(`Cannot multiply: ${value} × ${numerator} leaves the safe integers`);
  }
  return result;
}

// Below 2^53 the rounded quotient of two integers never reaches the next integer, so its floor is exact. The modulo
// of large numbers is a call out of compiled code, which a sweep would feel.
function divide(dividend: number, divisor: number, rounding: Rounding): number {
  if (!(Math.abs(dividend) + divisor <= Number.MAX_SAFE_INTEGER)) {
    return Number(divideBig(BigInt(dividend), BigInt(divisor), rounding));
  }
  // Adding 0 makes -0 a 0.
  const quotient = Math.floor(dividend / divisor) + 0;
  const remainder = dividend - quotient * divisor;
  if (remainder === 0 || rounding === "down") return quotient;
  return quotient + roundUpBy(remainder * 2 - divisor, true, quotient % 2 !== 0, rounding);
}

function divideBig(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  let remainder = dividend % divisor;
  let quotient = (dividend - remainder) / divisor;
  if (remainder < 0n) {
    remainder += divisor;
    quotient -= 1n;
  }
  const twice = remainder * 2n - divisor;
  const sign = twice > 0n ? 1 : twice < 0n ? -1 : 0;
  return quotient + BigInt(roundUpBy(sign, remainder !== 0n, quotient % 2n !== 0n, rounding));
}

function roundUpBy(half: number, inexact: boolean, odd: boolean, rounding: Rounding): 0 | 1 {
  if (!inexact || rounding === "down") return 0;
  if (rounding === "up") return 1;
  if (half !== 0) return half > 0 ? 1 : 0;
  return odd ? 1 : 0;
}

/** The greatest multiple of `step` that is not above `value`. */
export function floorTo(value: number, step: number): number {
  return divide(value, step, "down") * step;
}
