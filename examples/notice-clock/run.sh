#!/usr/bin/env bash
# One cut under four laws, in a data folder of its own and from scratch each time: the same line with the same facts in
# mainland China, the United States, the European Union and the United Kingdom, cut by the same strategy on the same day.
# Each notice says what its own pack asks for, each change takes effect on its own day, and in the end nothing waits any
# more. It prints the clocks side by side and fails when they are not those of the packs.
#
# TIDEMARK_CLOCK_DATA names another data folder. With TIDEMARK_CLOCK_IMAGES=FOLDER the Chinese and the English letter are
# drawn there as PNG; that needs pdftoppm (Debian: poppler-utils).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${TIDEMARK_CLOCK_DATA:-$root/data/notice-clock}
images=${TIDEMARK_CLOCK_IMAGES:-}
mark=$data/.tidemark-example

if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_CLOCK_DATA to another folder" >&2
  exit 73
fi
if [[ -n $images ]] && ! command -v pdftoppm >/dev/null; then
  echo "Cannot draw letters: found no pdftoppm, expected Debian's package poppler-utils; without TIDEMARK_CLOCK_IMAGES the example runs without it" >&2
  exit 69
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL TIDEMARK_CONTACT TIDEMARK_NOTICE_URL TIDEMARK_IN_APP
export TIDEMARK_DATA=$data TIDEMARK_TIME_ZONE=Asia/Shanghai TIDEMARK_CURRENCY=CNY TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="Notice clock example"

tidemark() { node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "$@" 9>&-; }
# value JSON PATH: one value of a result, such as `value "$sweep" counts.proposed`.
value() { node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) v = v?.[k]; console.log(v)' "$2" <<<"$1"; }
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }

rm -rf "$data"
mkdir -p "$data/in"
touch "$mark"
# One database for all commands; it stops when this script has ended, however it ends.
exec 9> >(node "$root/scripts/run.mjs" "$root/examples/regional-shock/hold.ts" "$data")

tidemark clock set 2026-12-01T02:00:00.000Z --json >/dev/null
for account in approver:approver reviewer:reviewer; do
  tidemark account create "${account%%:*}" --role "${account##*:}" --json >/dev/null
done

# The same row, mapping and strategy for each; only the names, the jurisdiction and the currency are others.
sweeps=()
for place in cn:CNY us:USD eu:EUR uk:GBP; do
  law=${place%%:*}
  currency=${place##*:}
  sed -e "s/^portfolio: .*/portfolio: $law/" -e "s/^jurisdiction: .*/jurisdiction: $law/" \
    -e "s/^currency: .*/currency: $currency/" -e 's/^asOf: .*/asOf: "2026-11-30"/' \
    "$root/examples/demo/mapping.yaml" >"$data/in/mapping-$law.yaml"
  { head -n 1 "$root/examples/demo/lines.csv"; grep -- ',DEMO-0020,' "$root/examples/demo/lines.csv"; } |
    sed -e "s/^DC[0-9]*,DEMO-0020/C-$law,L-$law/" >"$data/in/lines-$law.csv"
  sed -e "s/^id: .*/id: cut-$law/" -e "s/^jurisdiction: .*/jurisdiction: $law/" \
    -e "s/^currency: .*/currency: $currency/" -e 's/^cause: .*/cause: bureau/' \
    "$root/strategies/consumer-cn/strategy.yaml" >"$data/in/strategy-$law.yaml"
  tidemark import lines "$data/in/lines-$law.csv" --mapping "$data/in/mapping-$law.yaml" --json >/dev/null
  tidemark strategy add "$data/in/strategy-$law.yaml" --json >/dev/null
  tidemark strategy approve "cut-$law" 1 --as approver --json >/dev/null
done
tidemark core load --json >/dev/null
for law in cn us eu uk; do
  sweep=$(tidemark sweep --strategy "cut-$law" --as-of 2026-11-30 --portfolio "$law" --json)
  sweeps+=("$(value "$sweep" id)")
  step "$law: $(value "$sweep" counts.proposed) proposed, $(value "$sweep" counts.toReview) to a person, $(value "$sweep" counts.straightThrough) straight through"
done
for sweep in "${sweeps[@]}"; do
  tidemark review approve --all --note "agreed" --sweep "$sweep" --queue reviewer --yes --as reviewer --json >/dev/null
done

# A hundred days: longer than any of the clocks, and than every wait behind them.
clock=$(tidemark clock advance 100d --json)
step "clock: on to $(value "$clock" to), $(value "$clock" fired) timers, $(value "$clock" sent) messages"

for law in cn us eu uk; do
  line=$(tidemark line list --portfolio "$law" --json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0)).data[0].id)')
  tidemark line timeline "$line" --json >"$data/timeline-$law.json"
  tidemark notice list --line "$line" --json >"$data/notices-$law.json"
  tidemark pack show "$(value "$(<"$data/notices-$law.json")" data.0.pack.id)" --json >"$data/pack-$law.json"
done
node "$here/clocks.mjs" "$data"

if [[ -n $images ]]; then
  mkdir -p "$images"
  notice=$(value "$(<"$data/notices-us.json")" data.0.id)
  for language in zh en; do
    for copy in first second; do
      tidemark notice letter "$notice" --out "$data/$copy-$language.pdf" --lang "$language" --json >/dev/null
    done
    cmp "$data/first-$language.pdf" "$data/second-$language.pdf"
    pdftoppm -png -r 70 -f 1 -l 1 -singlefile "$data/first-$language.pdf" "$images/notice-$language"
    step "letter: $images/notice-$language.png, the same bytes twice"
  done
fi

waiting=$(value "$(tidemark clock show --json)" nextDue)
if [[ $waiting != null ]]; then
  echo "The story does not hold: a timer is due at $waiting, expected none" >&2
  exit 1
fi
step "no timer waits"
