// One offer: what was proposed, its clock, what each answer leads to, and the proof of what the customer agreed to.
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { reads, type Offer } from "../api/reads.ts";
import { to } from "../app/paths.ts";
import { useRead } from "../app/read.ts";
import { useText, useWord } from "../app/text.ts";
import { Amount } from "../parts/amount.tsx";
import { Day, Moment } from "../parts/moment.tsx";
import { Page, Pairs, Panel } from "../parts/page.tsx";
import { StateTag } from "../parts/state-tag.tsx";
import { Answered } from "../parts/states.tsx";
import { OfferActs } from "./offer-acts.tsx";

export function OfferPage(): ReactNode {
  const { id = "" } = useParams();
  const query = useRead(["offers", id], () => reads.offer(id));
  return <Answered query={query}>{(offer) => <OfOffer offer={offer} />}</Answered>;
}

type Shown = Readonly<{ offer: Offer }>;

function OfOffer({ offer }: Shown): ReactNode {
  const t = useText();
  return (
    <Page
      title={t("offer.title", { line: offer.lineReference })}
      about={
        <>
          <StateTag group="offerState" state={offer.state} />{" "}
          <Link to={to.decision(offer.decisionId)}>{t("notice.decision")}</Link> ·{" "}
          <Link to={to.line(offer.lineId)}>{t("decision.line")}</Link> ·{" "}
          <Link to={to.customer(offer.customerId)}>{t("line.customer")}</Link> ·{" "}
          <Link to={to.notice(offer.noticeId)}>{t("offer.inWords")}</Link>
        </>
      }
      actions={<OfferActs offer={offer} />}
    >
      <div className="columns">
        <Terms offer={offer} />
        <Clock offer={offer} />
      </div>
      <Proof offer={offer} />
    </Page>
  );
}

function Terms({ offer }: Shown): ReactNode {
  const t = useText();
  const { counter } = offer;
  return (
    <Panel title={t("offer.terms")}>
      <Pairs
        pairs={[
          [t("offer.from"), <Amount key="from" money={offer.from} />],
          [t("offer.to"), <Amount key="to" money={offer.to} />],
          [
            t("offer.mayPropose"),
            counter === null ? (
              t("offer.yesOrNo")
            ) : (
              <span key="bounds">
                <Amount money={counter.lowest} /> – <Amount money={counter.highest} />
              </span>
            ),
          ],
          [t("offer.acceptedTo"), <Amount key="accepted" money={counter?.acceptedTo} />],
          [t("offer.termsHash"), <code key="terms">{offer.termsHash}</code>],
        ]}
      />
    </Panel>
  );
}

function Clock({ offer }: Shown): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <Panel title={t("offer.clock")}>
      <Pairs
        pairs={[
          [t("offer.madeAt"), <Moment key="made" at={offer.madeAt} />],
          [t("offer.answerBy"), <Day key="answerBy" date={offer.answerBy} />],
          [t("offer.expiresAt"), <Moment key="expires" at={offer.expiresAt} />],
          [t("offer.settledAt"), <Moment key="settled" at={offer.settledAt} />],
          [t("offer.ifDeclined"), word("offerEnd", offer.ifDeclined)],
          [t("offer.ifSilent"), word("offerEnd", offer.ifSilent)],
        ]}
      />
    </Panel>
  );
}

function Proof({ offer: { consent } }: Shown): ReactNode {
  const t = useText();
  const word = useWord();
  return (
    <Panel title={t("offer.proof")}>
      {consent === null ? (
        <p className="quiet">{t("offer.noProof")}</p>
      ) : (
        <Pairs
          pairs={[
            [t("offer.agreed"), <Amount key="limit" money={consent.limit} />],
            [t("offer.agreedAt"), <Moment key="at" at={consent.at} />],
            [t("offer.channel"), word("consentChannel", consent.channel)],
            [t("offer.by"), consent.by ?? "–"],
            [t("offer.how"), consent.how ?? "–"],
            [t("offer.agreedTermsHash"), <code key="terms">{consent.termsHash}</code>],
            [t("offer.textHash"), <code key="text">{consent.textHash}</code>],
            [t("notice.texts"), consent.textsVersion],
          ]}
        />
      )}
    </Panel>
  );
}
