#!/usr/bin/env bash
# A sweep that should not have been, and its wave undone, in a data folder of its own and from scratch each time: import,
# sweep, reviews of which some stay open, notices, a month of test clock and execution; then a look at what undoing would
# do, the proposal, the refusal of one's own approval, the approval of one action first and of the rest after it, and
# what the customers are told. It fails unless every line is as before, both books agree and no timer waits.
#
# TIDEMARK_WAVE_DATA names another data folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${TIDEMARK_WAVE_DATA:-$root/data/wave-undo}
mark=$data/.tidemark-example

if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_WAVE_DATA to another folder" >&2
  exit 73
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL
export TIDEMARK_DATA=$data TIDEMARK_TIME_ZONE=Asia/Shanghai TIDEMARK_CURRENCY=CNY TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="Wave undo example"

tidemark() { node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "$@" 9>&-; }
# value JSON PATH: one value of a result, such as `value "$sweep" counts.proposed`.
value() { node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) v = v?.[k]; console.log(v)' "$2" <<<"$1"; }
# lines FILE: limit and status of every line, one a line, by reference.
lines() {
  tidemark line list --limit 1000 --json |
    node -e 'for (const { reference, limit, status } of JSON.parse(require("fs").readFileSync(0)).data) console.log(reference, limit.amount, status)' |
    sort >"$1"
}
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }
fail() {
  echo "The story does not hold: $*" >&2
  exit 1
}

rm -rf "$data"
mkdir -p "$data"
touch "$mark"
# One database for all commands; it stops when this script has ended, however it ends.
exec 9> >(node "$root/scripts/run.mjs" "$root/examples/regional-shock/hold.ts" "$data")

tidemark clock set 2026-04-01T02:00:00.000Z --json >/dev/null
for account in approver:approver reviewer:reviewer compliance:compliance; do
  tidemark account create "${account%%:*}" --role "${account##*:}" --json >/dev/null
done
tidemark account desk reviewer --skill closures --json >/dev/null
tidemark import lines "$root/examples/demo/lines.csv" --mapping "$root/examples/demo/mapping.yaml" --json >/dev/null
tidemark core load --json >/dev/null
tidemark strategy add "$root/strategies/consumer-cn/strategy.yaml" --json >/dev/null
tidemark strategy approve consumer-cn 1 --as approver --json >/dev/null
lines "$data/before.txt"
step "portfolio: $(wc -l <"$data/before.txt") lines"

# One reviewer alone: what needs four eyes or legal stays open, everything else takes effect.
sweep=$(tidemark sweep --strategy consumer-cn --as-of 2026-04-01 --json)
id=$(value "$sweep" id)
tidemark review approve --all --note "agreed" --sweep "$id" --queue reviewer --yes --as reviewer --json >/dev/null
tidemark clock advance 3d --json >/dev/null
tidemark clock advance 40d --json >/dev/null
lines "$data/swept.txt"
changed=$(diff "$data/before.txt" "$data/swept.txt" | grep -c '^>' || true)
step "sweep $id: $(value "$sweep" counts.proposed) proposed, $changed lines changed"
[[ $changed -gt 0 ]] || fail "the sweep changed nothing"

reason="The bureau file of the day was wrong"
dry=$(tidemark wave undo "$id" --reason "$reason" --as compliance --dry-run --json)
step "undoing would give back $(value "$dry" planned.restored) lines, withdraw $(value "$dry" planned.withdrawn) decisions, $(value "$dry" planned.amount.amount) minor units of exposure"
[[ $(value "$dry" planned.restored) == "$changed" ]] || fail "it would give back $(value "$dry" planned.restored) of $changed lines"

frozen=$(tidemark wave undo "$id" --reason "$reason" --action freeze --as compliance --json)
if tidemark wave approve "$(value "$frozen" id)" --as compliance >/dev/null 2>"$data/own.txt"; then
  fail "somebody approved an undoing of his own"
fi
step "one's own approval: $(tail -n 1 "$data/own.txt")"
first=$(tidemark wave approve "$(value "$frozen" id)" --as approver --json)
step "frozen lines alone: $(value "$first" done.restored) given back, $(value "$first" done.withdrawn) withdrawn"

rest=$(tidemark wave undo "$id" --reason "$reason" --as compliance --json)
second=$(tidemark wave approve "$(value "$rest" id)" --as approver --json)
step "the rest: $(value "$second" done.restored) given back, $(value "$second" done.withdrawn) withdrawn"
clock=$(tidemark clock advance 5d --json)
step "clock: on to $(value "$clock" to), $(value "$clock" fired) timers, $(value "$clock" sent) messages"

told=$(tidemark notice list --sweep "$(value "$rest" id)" --limit 1000 --json)
step "customers told that their line is given back: $(value "$told" data.length), such as: $(value "$told" data.0.subject.en)"
[[ $(value "$told" data.length) == "$(value "$second" done.restored)" ]] || fail "not every customer was told"

lines "$data/after.txt"
diff "$data/before.txt" "$data/after.txt" || fail "lines are not as before"
step "every line is as before the sweep"
books=$(tidemark reconcile --json)
[[ $(value "$books" differences.length) == 0 ]] || fail "the books differ"
step "reconcile: $(value "$books" compared) compared, no difference"
waiting=$(value "$(tidemark clock show --json)" nextDue)
[[ $waiting == null ]] || fail "a timer is due at $waiting, expected none"
step "no timer waits"
