#!/usr/bin/env bash
# From a regional shock to cuts, in a data folder of its own and from scratch each time: an invented portfolio with a
# year of history in which one region and two industries are hit in month ten, the risk report of the day before the
# shock and of the end of its first month as HTML, a sweep, reviews in bulk, notices, a month of test clock, execution,
# reconciliation, and the report afterwards. It prints the numbers of the story and fails when they do not tell it.
#
# TIDEMARK_SHOCK_LINES says how many lines (5,000), TIDEMARK_SHOCK_DATA names another data folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
lines=${TIDEMARK_SHOCK_LINES:-5000}
data=${TIDEMARK_SHOCK_DATA:-$root/data/regional-shock}
mark=$data/.tidemark-example
reports=$data/reports

if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_SHOCK_DATA to another folder" >&2
  exit 73
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL
export TIDEMARK_DATA=$data TIDEMARK_TIME_ZONE=Asia/Shanghai TIDEMARK_CURRENCY=CNY TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="Regional shock example"

tidemark() { node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "$@" 9>&-; }
# value JSON EXPRESSION: one value of a result, such as `value "$sweep" counts.proposed`.
value() { node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) v = v?.[k]; console.log(v)' "$2" <<<"$1"; }
# all FILE LIST COMMAND: every page of a list, one a line.
all() {
  local file=$1 next=() page
  shift
  : >"$file"
  while :; do
    page=$(tidemark "$@" --limit 1000 --json ${next[@]+"${next[@]}"})
    tr -d '\n' <<<"$page" >>"$file"
    echo >>"$file"
    [[ $(value "$page" next) != null ]] || break
    next=(--after "$(value "$page" next)")
  done
}
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }
# expect WHAT LEFT OPERATOR RIGHT: one claim of the story.
expect() {
  if awk "BEGIN { exit !($2 $3 $4) }"; then return; fi
  echo "The story does not hold: $1: found $2, expected $3 $4" >&2
  exit 1
}
# story QUESTION FILE…: a number of the story, see story.mjs.
story() { node "$here/story.mjs" "$@"; }

rm -rf "$data"
mkdir -p "$reports"
touch "$mark"
# One database for all commands; it stops when this script has ended, however it ends.
exec 9> >(node "$root/scripts/run.mjs" "$here/hold.ts" "$data")

seeded=$(tidemark demo seed --lines "$lines" --seed 41 --json)
step "portfolio: $(value "$seeded" linesStored) lines with a year of history, $(value "$seeded" records) records, $(($(value "$seeded" diskBytes) / 1048576)) MB"
for account in approver:approver reviewer1:reviewer reviewer2:reviewer legal:legal; do
  tidemark account create "${account%%:*}" --role "${account##*:}" --json >/dev/null
done
for account in reviewer1 reviewer2; do
  tidemark account desk "$account" --skill closures --json >/dev/null
done
tidemark core load --json >/dev/null
tidemark strategy add "$root/strategies/consumer-cn/strategy.yaml" --json >/dev/null
strategy=$(tidemark strategy approve consumer-cn 1 --as approver --json)
step "strategy: consumer-cn 1, hash $(value "$strategy" hash | cut -c1-16)"

# What the desk would have seen: the evening before the shock, the end of its first month, and now.
report() {
  tidemark report daily --as-of "$1" --portfolio demo --format "$2" --out "$reports/$1.$2" 2>/dev/null
}
for date in 2026-03-31 2026-04-30 2026-06-30; do
  report "$date" json
  step "report of $date: $(story late "$reports/$date.json") % past due, mean behaviour score $(story score "$reports/$date.json")"
done
for date in 2026-03-31 2026-04-30; do
  report "$date" html
  step "the same to read: $reports/$date.html"
done
expect "share past due rises after the shock" "$(story late "$reports/2026-06-30.json")" ">" "$(story late "$reports/2026-03-31.json")"
expect "mean score falls after the shock" "$(story score "$reports/2026-06-30.json")" "<" "$(story score "$reports/2026-03-31.json")"

preview=$(tidemark sweep --strategy consumer-cn --as-of 2026-06-30 --portfolio demo --dry-run --json)
step "preview: $(value "$preview" counts.evaluated) lines evaluated, $(value "$preview" counts.proposed) would be changed, nothing stored"
sweep=$(tidemark sweep --strategy consumer-cn --as-of 2026-06-30 --portfolio demo --json)
id=$(value "$sweep" id)
step "sweep $id: $(value "$sweep" counts.proposed) proposed, $(value "$sweep" counts.toReview) to review, $(value "$sweep" counts.straightThrough) straight through"
expect "the sweep does what the preview said" "$(value "$sweep" counts.proposed)" "==" "$(value "$preview" counts.proposed)"

# A day at a time until every proposal had its turn in the budget. Two people, because some routes need four eyes.
approved=0
approve() {
  for who in reviewer1:reviewer reviewer2:reviewer legal:legal; do
    reviews=$(tidemark review approve --all --note "agreed" --sweep "$id" --queue "${who##*:}" --yes --as "${who%%:*}" --json)
    approved=$((approved + $(value "$reviews" done)))
  done
}
approve
days=0
while [[ $(value "$(tidemark decision list --sweep "$id" --state paced --limit 1 --json)" data.length) != 0 && $days -lt 20 ]]; do
  tidemark clock advance 1d --json >/dev/null
  approve
  days=$((days + 1))
done
step "reviews: $approved approvals in bulk, the last ones after $days days"
expect "people approved" "$approved" ">" 0

# Deliveries of the first hours, then the waiting time of the notices.
tidemark clock advance 1d --json >/dev/null
all "$data/notices.json" notice list --sweep "$id"
step "notices: $(story rows "$data/notices.json") issued, $(story rows "$data/notices.json" state delivered) delivered"
expect "notices are delivered" "$(story rows "$data/notices.json" state delivered)" ">" 0
clock=$(tidemark clock advance 34d --json)
step "clock: on to $(value "$clock" to), $(value "$clock" fired) timers, $(value "$clock" sent) messages"

all "$data/executed.json" decision list --sweep "$id" --state executed
region=$reports/2026-06-30.json
step "executed: $(story rows "$data/executed.json"), of them cuts $(story rows "$data/executed.json" outcome.action decrease) that took $(story removed "$data/executed.json") CNY away"
step "cuts in the region that was hit: $(story cuts "$data/executed.json" south "$region") in 1,000 lines, elsewhere $(story cuts "$data/executed.json" elsewhere "$region") in 1,000"
expect "cuts are executed" "$(story rows "$data/executed.json" outcome.action decrease)" ">" 0
expect "the region that was hit is cut more often" "$(story cuts "$data/executed.json" south "$region")" ">" "$(story cuts "$data/executed.json" elsewhere "$region")"
expect "cuts in the hit industries of the region" "$(story cluster "$data/executed.json")" ">" 0

books=$(tidemark reconcile --json)
step "reconcile: $(value "$books" compared) compared, $(value "$books" differences.length) differences"
expect "the books agree" "$(value "$books" differences.length)" "==" 0

today=$(value "$(tidemark clock show --json)" businessDate)
report "$today" json
report "$today" html
step "report of $today: limits $(story limit "$reports/2026-06-30.json") before, $(story limit "$reports/$today.json") CNY after: $reports/$today.html"
expect "limits are lower than before" "$(story limit "$reports/$today.json")" "<" "$(story limit "$reports/2026-06-30.json")"
step "the story holds, told in $SECONDS seconds"
