#!/usr/bin/env bash
# The whole job on a real portfolio, in a data folder of its own and from scratch each time: import, strategy,
# sweep as of 2005-09-30, reviews, notices, 30 days, execution at the core simulator, reconciliation, and 1,000
# decisions made again in another process, time zone and locale.
#
# The data are 30,000 credit card accounts of a bank in Taiwan, 2005 (Yeh & Lien 2009, UCI, CC BY 4.0). They are not
# part of Tidemark: put them at $TIDEMARK_SHARED/data/uci_taiwan (../shared beside the repository when unset).
# TIDEMARK_UCI_DATA names another data folder, TIDEMARK_CORE_FAULTS what goes wrong at the core simulator.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
shared=${TIDEMARK_SHARED:-$root/../shared}
file=$shared/data/uci_taiwan/default_of_credit_card_clients.csv
data=${TIDEMARK_UCI_DATA:-$root/data/uci-taiwan}
mark=$data/.tidemark-example

if [[ ! -f $file ]]; then
  echo "Cannot run the example: found no $file" >&2
  echo "Expected the UCI data set \"default of credit card clients\" as CSV; set TIDEMARK_SHARED to the folder that holds data/" >&2
  exit 66
fi
if [[ -d $data && -n $(ls -A "$data") && ! -f $mark ]]; then
  echo "Cannot run the example: $data holds something else, set TIDEMARK_UCI_DATA to another folder" >&2
  exit 73
fi

unset DATABASE_URL TIDEMARK_API_KEY TIDEMARK_LOGIN TIDEMARK_CORE_URL
export TIDEMARK_DATA=$data TIDEMARK_TIME_ZONE=Asia/Taipei TIDEMARK_CURRENCY=TWD TIDEMARK_MODE=sandbox
export TIDEMARK_LENDER="UCI Taiwan example"

tidemark() { node "$root/scripts/run.mjs" "$root/src/cli/main.ts" "$@"; }
# value JSON PATH: one value of a result, such as `value "$sweep" counts.proposed`.
value() { node -e 'let v = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) v = v?.[k]; console.log(v)' "$2" <<<"$1"; }
# count LIST COMMAND: rows over all pages.
count() {
  local total=0 next=() page
  while :; do
    page=$(tidemark "$@" --limit 1000 --json ${next[@]+"${next[@]}"})
    total=$((total + $(value "$page" data.length)))
    [[ $(value "$page" next) != null ]] || break
    next=(--after "$(value "$page" next)")
  done
  echo "$total"
}
step() { printf '%6ss  %s\n' "$SECONDS" "$*"; }

rm -rf "$data"
mkdir -p "$data"
touch "$mark"

tidemark clock set 2005-10-01 --json >/dev/null
for account in approver:approver reviewer1:reviewer reviewer2:reviewer; do
  tidemark account create "${account%%:*}" --role "${account##*:}" --json >/dev/null
done

import=$(tidemark import lines "$file" --mapping "$here/mapping.yaml" --json)
step "import: $(value "$import" accepted) accepted, $(value "$import" rejected) rejected, total limit $(value "$import" totalLimit.0.amount) minor units $(value "$import" totalLimit.0.currency)"
core=$(tidemark core load --json)
step "core simulator: $(value "$core" added) accounts"

tidemark strategy add "$here/strategy.yaml" --json >/dev/null
strategy=$(tidemark strategy approve uci-taiwan 1 --as approver --json)
step "strategy: uci-taiwan 1, hash $(value "$strategy" hash | cut -c1-16)"

sweep=$(tidemark sweep --strategy uci-taiwan --as-of 2005-09-30 --json)
id=$(value "$sweep" id)
step "sweep $id: $(value "$sweep" counts.evaluated) evaluated, $(value "$sweep" counts.proposed) proposed, $(value "$sweep" counts.paced) paced, $(value "$sweep" counts.toReview) to review, $(value "$sweep" counts.straightThrough) straight through"

# The budget lets so much through in a day, so reviews come day by day. Two people, because some routes need four eyes.
approved=0
approve() {
  for reviewer in reviewer1 reviewer2; do
    reviews=$(tidemark review approve --all --note "agreed" --sweep "$id" --queue reviewer --yes --as "$reviewer" --json)
    approved=$((approved + $(value "$reviews" done)))
  done
}
approve
step "reviews: $approved approvals on the first day"
days=0
while [[ $(value "$(tidemark decision list --sweep "$id" --state paced --limit 1 --json)" data.length) != 0 && $days -lt 30 ]]; do
  tidemark clock advance 1d --json >/dev/null
  approve
  days=$((days + 1))
done
step "reviews: $approved approvals after $days days, every proposal had its turn in the budget"

clock=$(tidemark clock advance 30d --json)
step "clock: 30 days to $(value "$clock" to), $(value "$clock" fired) timers, $(value "$clock" sent) messages"

step "executed: $(count decision list --sweep "$id" --state executed), notices delivered: $(count notice list --sweep "$id" --state delivered), waiting for a person: $(count review list --sweep "$id")"

books=$(tidemark reconcile --json)
step "reconcile: $(value "$books" compared) compared, $(value "$books" differences.length) differences"

replay=$(env TZ=America/New_York LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 \
  node "$root/scripts/run.mjs" "$root/src/cli/main.ts" replay --sweep "$id" --limit 1000 --json)
step "replay in New York and German: $(value "$replay" replayed) decisions, $(value "$replay" equal) equal, $(value "$replay" different) different"
