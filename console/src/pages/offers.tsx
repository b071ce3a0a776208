// What customers were asked to agree to, what they said, and until when the others may answer.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { reads, type Offer } from "../api/reads.ts";
import { offerStates, options } from "../app/choices.ts";
import { to } from "../app/paths.ts";
import { useText, useWord } from "../app/text.ts";
import type { Column } from "../parts/data-table.tsx";
import type { Filter } from "../parts/filter-bar.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { moneyColumn } from "../parts/money-column.tsx";
import { StateTag } from "../parts/state-tag.tsx";

const newestFirst = { order: "newest" } as const;

function useOfferColumns(): readonly Column<Offer>[] {
  const t = useText();
  const word = useWord();
  return [
    {
      key: "line",
      title: t("decision.line"),
      cell: ({ id, lineReference }) => <Link to={to.offer(id)}>{lineReference}</Link>,
    },
    {
      key: "state",
      title: t("offer.state"),
      cell: ({ state }) => <StateTag group="offerState" state={state} />,
    },
    moneyColumn({ key: "from", title: t("offer.from"), of: ({ from }) => from }),
    moneyColumn({ key: "to", title: t("offer.to"), of: (offer) => offer.to }),
    moneyColumn({
      key: "agreed",
      title: t("offer.agreed"),
      of: ({ consent }) => consent?.limit,
    }),
    {
      key: "channel",
      title: t("offer.channel"),
      cell: ({ consent }) => (consent === null ? "–" : word("consentChannel", consent.channel)),
    },
    { key: "madeAt", title: t("offer.madeAt"), cell: ({ madeAt }) => <Moment at={madeAt} /> },
    {
      key: "answerBy",
      title: t("offer.answerBy"),
      cell: ({ answerBy }) => <Day date={answerBy} />,
    },
  ];
}

export function OffersPage(): ReactNode {
  const t = useText();
  const word = useWord();
  const filters: readonly Filter[] = [
    {
      kind: "choice",
      name: "state",
      label: "offer.state",
      options: options(word, "offerState", offerStates),
    },
    { kind: "text", name: "causeId", label: "decision.causeId" },
  ];
  return (
    <ListPage<Offer>
      title="nav.offers"
      about={t("offers.about")}
      kind="offers"
      read={reads.offers}
      columns={useOfferColumns()}
      filters={filters}
      defaults={newestFirst}
      keyOf={({ id }) => id}
      path="/v1/offers"
      empty="offers.none"
    />
  );
}
