// Expressions that try to get out of FEEL or to make it run for ever: prototypes and constructors, huge ranges, deep
// nesting, patterns that are slow elsewhere, texts and lists that double. Written down as families, so that each way in
// is tried through each door.

const inherited = [
  ...["constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty"],
  ...["__defineGetter__", "__lookupGetter__", "isPrototypeOf", "propertyIsEnumerable"],
];

const doors: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `${name}()`,
  (name) => `{}.${name}`,
  (name) => `{}.${name}.constructor("return 1")()`,
  (name) => `"x".${name}`,
  (name) => `[].${name}`,
  (name) => `(1).${name}`,
  (name) => `get value({}, "${name}")`,
  (name) => `get value({a: 1}, "${name}")("return 1")`,
  (name) => `[{}][${name} = null][1].${name}`,
  (name) => `(function(x) x).${name}`,
  (name) => `sum.${name}`,
];

const globals = [
  ...["globalThis", "process", "require", "import", "eval", "Function", "window", "module"],
  ...["Math", "Date", "JSON", "Object", "Reflect", "Proxy", "Symbol", "fetch", "setTimeout"],
].flatMap((name) => [name, `${name}("1")`, `${name}.env`]);

const huge = "1000000000000";
const ranges = [
  `for i in 1..${huge} return i`,
  `for i in ${huge}..1 return i`,
  `some i in 1..${huge} satisfies i < 0`,
  `every i in 1..${huge} satisfies i > 0`,
  `for i in 1..1000, j in 1..1000, k in 1..1000 return i * j * k`,
  `some i in 1..1000, j in 1..1000, k in 1..1000 satisfies i + j + k = 0`,
  `for i in 1..100000 return partial`,
  `for i in 1..3000 return partial`,
  `count(for i in 1..${huge} return i)`,
  `for d in @"0001-01-01"..@"999999999-12-31" return d`,
  `sum(for i in 1..9000 return 2 ** 0.5)`,
  `for i in 1..9000 return exp(1.2345)`,
  `for i in 1..9000 return log(1.2345)`,
  `for i in [1..${huge}] return i`,
];

const nest = (open: string, inside: string, close: string, times: number): string =>
  open.repeat(times) + inside + close.repeat(times);

const deep = [
  nest("(", "1", ")", 5_000),
  nest("[", "1", "]", 5_000),
  nest("{a: ", "1", "}", 3_000),
  nest("if true then ", "1", " else 2", 900),
  nest("not(", "true", ")", 3_000),
  "-".repeat(15_000) + "1",
  "1" + "+1".repeat(9_000),
  "1" + "**2".repeat(5_000),
  "true" + " and true".repeat(1_900),
  "a" + ".a".repeat(9_000),
  "[1]" + "[1]".repeat(6_000),
  "a" + "(1)".repeat(6_000),
  "((".repeat(9_000),
  "{".repeat(15_000),
  "function(x) ".repeat(1_500) + "1",
  "for i in 1..2 return ".repeat(800) + "i",
  "for i in 1..9 return ".repeat(60) + "1",
  "x".repeat(30_000),
  '"' + "\\".repeat(15_001),
  "/*".repeat(9_000),
  "@".repeat(9_000),
  "a b ".repeat(4_500),
  "{f: function(n) f(n), x: f(1)}.x",
  "{f: function(g) g(g), x: f(f)}.x",
  "(function(g) g(g))(function(g) g(g))",
  "(function(g) [g(g), g(g)])(function(g) [g(g), g(g)])",
  "sort([3,2,1], function(a, b) sort([a,b], function(c, d) c < d) = null)",
];

const as = "a".repeat(3_000);
const patterns = [
  ...["(a+)+$", "(a*)*$", "(a|a)*$", "(a|aa)+$", "([a-z]+)*$", "(.*)*$", "^(a?){50}a{50}$"],
  ...["(a*a*a*a*a*a*a*a*)b", "(.*a){20}$", "((a{1,50}){1,50}){1,50}", "(?:(?:){200}){200}"],
  ...["(a)\\\\1+", "(?=a)a", "(?<!a)b", "a{1000000}", "(((((((((a*)*)*)*)*)*)*)*)*)*$"],
  ...["[a-z-[aeiou-[a]]]+$", "(a{200}){200}", ".*.*.*.*.*.*=.*", "(x+x+)+y", "\\\\p{L}*\\\\p{L}*b"],
].flatMap((pattern) => [
  `matches("${as}!", "${pattern}")`,
  `replace("${as}!", "${pattern}", "$0$0$0$0")`,
  `split("${as}!", "${pattern}")`,
]);

/** Doubles a value so many times by naming each step. */
function doubling(first: string, step: (name: string) => string, times: number): string {
  const entries = Array.from({ length: times }, (_, at) => `x${at + 1}: ${step(`x${at}`)}`);
  return `{x0: ${first}, ${entries.join(", ")}}.x${times}`;
}

const growth = [
  doubling('"aaaaaaaaaa"', (name) => `${name} + ${name}`, 60),
  doubling("[1,2]", (name) => `concatenate(${name}, ${name})`, 60),
  `string(${doubling("[1,2]", (name) => `[${name}, ${name}]`, 60)})`,
  `flatten(${doubling("[1,2]", (name) => `[${name}, ${name}]`, 60)})`,
  `${doubling("[1,2]", (name) => `[${name}, ${name}]`, 60)} = ${doubling("[1,2]", (name) => `[${name}, ${name}]`, 60)}`,
  `count(distinct values(${doubling("[1,2]", (name) => `concatenate(${name}, ${name})`, 12)}))`,
  doubling("9", (name) => `${name} ** ${name}`, 30),
  doubling("9", (name) => `${name} * ${name}`, 60),
  doubling('"ab"', (name) => `replace(${name}, "b", "ab$0$0")`, 60),
  doubling('"a"', (name) => `string join([${name}, ${name}, ${name}])`, 60),
  "9 ** 9 ** 9 ** 9",
  "0.1 ** 999999999",
  "1.0000001 ** 123456789012345678901234567890",
  "exp(99999999)",
  "1e999999999",
  "decimal(1/3, 999999999)",
  "round up(1, -6000)",
  'duration("P99999999999999999999Y")',
  'date("999999999-12-31") + duration("P999999999Y")',
  'number("' + "9".repeat(10_000) + '")',
  'upper case("' + "ß".repeat(9_000) + '")',
];

/** Every hostile expression. */
export const hostileExpressions: readonly string[] = [
  ...inherited.flatMap((name) => doors.map((door) => door(name))),
  ...globals,
  ...ranges,
  ...deep,
  ...patterns,
  ...growth,
  'function() external {java: {class: "java.lang.Math", method signature: "cos(double)"}}',
];
