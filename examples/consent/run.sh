#!/usr/bin/env bash
# Decreases that need the customer's word, in a data folder of its own and from scratch each time: the sample product whose
# terms ask for consent (pack cn, terms 2.7), a strategy that says how to negotiate, a sweep, reviews, and an offer for
# every approved decrease. Some customers accept, some decline, some propose another limit within the bounds or above what
# is agreed to at once, and the rest never answer. The clock runs on until nothing waits. It fails unless every line ends
# as its answer says, every agreement has its proof, all decisions replay byte for byte and no timer is left.
#
# TIDEMARK_CONSENT_DATA names another data folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
data=${TIDEMARK_CONSENT_DATA:-$root/data/consent}
mark=$data/.tidemark-example

if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_CONSENT_DATA to another folder" >&2
  exit 73
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL
export TIDEMARK_DATA=$data TIDEMARK_TIME_ZONE=Asia/Shanghai TIDEMARK_CURRENCY=CNY TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="Consent example"

tidemark() { node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "$@" 9>&-; }
# pick JSON EXPRESSION: what a JavaScript expression makes of a result named v, such as `pick "$sweep" v.counts.proposed`.
pick() { node -e 'const v = JSON.parse(require("fs").readFileSync(0)); console.log(eval(process.argv[1]))' "$2" <<<"$1"; }
# major MINOR: "600000" as 6000.00, as people type it.
major() { printf '%d.%02d' $(($1 / 100)) $(($1 % 100)); }
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }
fail() {
  echo "The story does not hold: $*" >&2
  exit 1
}
# refused TITLE CODE COMMAND…: runs a command that must be refused with that code, and tells what it said.
refused() {
  local title=$1 code=$2
  shift 2
  if tidemark "$@" --json >"$data/refused.json" 2>"$data/refused.txt"; then fail "$title: it was not refused"; fi
  grep -q "\"refused\": \"$code\"" "$data/refused.json" || fail "$title: $(<"$data/refused.json"), expected $code"
  step "$title: $(tail -n 1 "$data/refused.txt")"
}

rm -rf "$data"
mkdir -p "$data/in"
touch "$mark"
# One database for all commands; it stops when this script has ended, however it ends.
exec 9> >(node "$root/scripts/run.mjs" "$root/examples/regional-shock/hold.ts" "$data")

tidemark clock set 2026-04-01T02:00:00.000Z --json >/dev/null
for account in approver:approver reviewer:reviewer operator:operator; do
  tidemark account create "${account%%:*}" --role "${account##*:}" --json >/dev/null
done
tidemark account desk reviewer --skill closures --json >/dev/null
sed -e 's/^product: .*/product: negotiated-credit-line/' "$root/examples/demo/mapping.yaml" >"$data/in/mapping.yaml"
{
  sed -e 's/^id: .*/id: consent-cn/' -e 's/^product: .*/product: negotiated-credit-line/' "$root/strategies/consumer-cn/strategy.yaml"
  cat "$here/offer.yaml"
} >"$data/in/strategy.yaml"
tidemark import lines "$root/examples/demo/lines.csv" --mapping "$data/in/mapping.yaml" --json >/dev/null
tidemark core load --json >/dev/null
tidemark strategy add "$data/in/strategy.yaml" --json >/dev/null
tidemark strategy approve consent-cn 1 --as approver --json >/dev/null
sweep=$(tidemark sweep --strategy consent-cn --as-of 2026-04-01 --json)
id=$(pick "$sweep" v.id)
tidemark review approve --all --note "agreed" --sweep "$id" --queue reviewer --yes --as reviewer --json >/dev/null
# What needs four eyes or legal is no part of this story.
rest=$(tidemark review list --state open --limit 1000 --json)
# shellcheck disable=SC2046
tidemark decision withdraw $(pick "$rest" 'v.data.map((one) => one.decisionId).join(" ")') --reason "Not part of this story" --as approver --json >/dev/null
# An hour later the offers have left.
tidemark clock advance 1h --json >/dev/null

offers=$(tidemark offer list --state open --limit 1000 --json)
count=$(pick "$offers" v.data.length)
step "sweep $id: $(pick "$sweep" v.counts.proposed) proposed, $count offered to their customers"
[[ $count -ge 20 ]] || fail "found $count offers, expected at least 20"
step "such as: $(pick "$(tidemark notice show "$(pick "$offers" 'v.data[0].noticeId')" --json)" v.subject.en)"

# ids FROM TO: ids of offers by their place in the list.
ids() { pick "$offers" "v.data.slice($1, $2).map((one) => one.id).join(' ')"; }
heard=(--channel phone --how "Recorded call, date of birth asked")

# One customer answers alone, through an account of its own; the others by telephone.
first=$(ids 0 1)
tidemark account create customer --role borrower --customer "$(pick "$offers" 'v.data[0].customerId')" --json >/dev/null
refused "somebody else's offer" out-of-scope offer accept "$(ids 1 2)" --as customer
tidemark offer accept "$first" --as customer --json >/dev/null
refused "accepted twice" already-resolved offer accept "$first" --as customer
# shellcheck disable=SC2046
tidemark offer accept $(ids 1 5) "${heard[@]}" --as operator --json >/dev/null
# shellcheck disable=SC2046
tidemark offer decline $(ids 5 10) "${heard[@]}" --as operator --json >/dev/null
now=$(major "$(pick "$offers" 'v.data[10].from.amount')")
refused "out of bounds" counter-out-of-bounds offer counter "$(ids 10 11)" --limit "$now" "${heard[@]}" --as operator
for place in 10 11; do
  limit=$(pick "$offers" "v.data[$place].counter.acceptedTo.amount")
  tidemark offer counter "$(ids $place $((place + 1)))" --limit "$(major "$limit")" "${heard[@]}" --as operator --json >/dev/null
done
for place in 12 13; do
  limit=$(pick "$offers" "v.data[$place].counter.highest.amount")
  tidemark offer counter "$(ids $place $((place + 1)))" --limit "$(major "$limit")" "${heard[@]}" --as operator --json >/dev/null
done
for place in 12 13; do
  review=$(pick "$(tidemark decision show "$(pick "$offers" "v.data[$place].decisionId")" --json)" v.reviewId)
  if [[ $place == 12 ]]; then
    tidemark review approve "$review" --as reviewer --json >/dev/null
  else
    tidemark review reject "$review" --reason "Too little" --as reviewer --json >/dev/null
  fi
done
step "answered: 5 accepted, 5 declined, 2 proposals agreed to at once, 1 by a person, 1 rejected; $((count - 14)) say nothing"

soon=$(tidemark clock advance 1d --json)
step "clock: on to $(pick "$soon" v.to): what was agreed has taken effect"
late=$(tidemark clock advance 15d --json)
step "clock: on to $(pick "$late" v.to): $(pick "$(tidemark offer list --state expired --limit 1000 --json)" v.data.length) offers ended without an answer"
refused "too late" offer-expired offer accept "$(ids 14 15)" "${heard[@]}" --as operator
tidemark clock advance 60d --json >/dev/null

tidemark offer list --limit 1000 --json >"$data/offers.json"
tidemark line list --limit 1000 --json >"$data/lines.json"
node "$here/ends.mjs" "$data"

replay=$(tidemark replay --sweep "$id" --json)
step "replay: $(pick "$replay" 'JSON.stringify(v)')"
books=$(tidemark reconcile --json)
[[ $(pick "$books" v.differences.length) == 0 ]] || fail "the books differ"
step "reconcile: $(pick "$books" v.compared) compared, no difference"
waiting=$(pick "$(tidemark clock show --json)" v.nextDue)
[[ $waiting == null ]] || fail "a timer is due at $waiting, expected none"
step "no timer waits"
