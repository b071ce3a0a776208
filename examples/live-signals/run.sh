#!/usr/bin/env bash
# A stream of demo events in two data folders of its own and from scratch each time: into the first in order and once
# each, into the second shuffled, one in ten twice and a few of them broken. It prints the throughput and fails unless
# both end with the same balances and the same facts, those facts are what a rebuild from scratch makes, and every broken
# event is a dead letter once.
#
# TIDEMARK_LIVE_EVENTS (100000) and TIDEMARK_LIVE_LINES (20000) choose how much; TIDEMARK_LIVE_DATA names another folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${TIDEMARK_LIVE_DATA:-$root/data/live-signals}
events=${TIDEMARK_LIVE_EVENTS:-100000}
lines=${TIDEMARK_LIVE_LINES:-20000}
mark=$data/.tidemark-example

if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_LIVE_DATA to another folder" >&2
  exit 73
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL
export TIDEMARK_TIME_ZONE=Asia/Shanghai TIDEMARK_CURRENCY=CNY TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="Live signals example"

# tidemark FOLDER WORDS: one command on one of the two installations.
tidemark() { TIDEMARK_DATA=$data/$1 node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "${@:2}" 8>&- 9>&-; }
# value JSON NAME: one value of a result.
value() { node -e 'console.log(JSON.parse(require("fs").readFileSync(0))[process.argv[1]])' "$2" <<<"$1"; }
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }
fail() {
  echo "The two differ: $*" >&2
  exit 1
}

rm -rf "$data"
mkdir -p "$data/calm" "$data/rough"
touch "$mark"
# One database for all commands of a folder; both stop when this script has ended, however it ends.
exec 8> >(node "$root/scripts/run.mjs" "$root/examples/regional-shock/hold.ts" "$data/calm")
exec 9> >(node "$root/scripts/run.mjs" "$root/examples/regional-shock/hold.ts" "$data/rough")

for folder in calm rough; do
  seeded=$(tidemark "$folder" demo seed --lines "$lines" --json)
done
step "portfolio: $(value "$seeded" linesStored) lines in each of two installations"

tidemark calm demo live --events "$events" --run 1 --print >"$data/events.ndjson"
node "$here/disturb.mjs" "$data/events.ndjson" "$data/disturbed.ndjson"
step "events: $(wc -l <"$data/events.ndjson") in order, $(wc -l <"$data/disturbed.ndjson") shuffled with repetitions and broken ones"

# send FOLDER FILE: sends a file and prints how fast; broken events make the command end with their exit code.
send() {
  local began ended result
  began=$(date +%s%N)
  result=$(tidemark "$1" signal send "$data/$2" --json 2>/dev/null) || true
  ended=$(date +%s%N)
  step "$1: $(value "$result" recorded) recorded, $(value "$result" duplicates) known already, $(value "$result" rejected) rejected, $(($(value "$result" events) * 1000000000 / (ended - began))) events a second" >&2
  value "$result" rejected
}
rejected=$(send calm events.ndjson)
[[ $rejected == 0 ]] || fail "$rejected events of the undisturbed stream were rejected"
rejected=$(send rough disturbed.ndjson)
letters=$(tidemark rough signal dead-letters --state open --limit 1000 --json)
kept=$(node -e 'console.log(JSON.parse(require("fs").readFileSync(0)).data.length)' <<<"$letters")
[[ $kept == $((rejected / 2)) ]] || fail "$kept dead letters of $rejected rejected events, each of which came twice"
step "dead letters: $kept, each once though each came twice"

# Facts of the disturbed stream against those of the undisturbed one.
for folder in calm rough; do
  tidemark "$folder" export tables "$data/$folder-tables" --table credit_line --table line_profile --table line_facts --no-spreadsheet --json >/dev/null
done
differences=$(node "$here/compare.mjs" "$data/calm-tables" "$data/rough-tables")
step "balances and facts: $differences differences"
[[ $differences == 0 ]] || fail "$differences lines"

# The facts of the disturbed stream against facts made of its signals from scratch.
rebuilt=$(tidemark rough facts rebuild --check --json) || true
step "rebuild from scratch: $(value "$rebuilt" signals) signals, $(value "$rebuilt" different) differences"
[[ $(value "$rebuilt" different) == 0 ]] || fail "$(value "$rebuilt" different) facts"
