// The form of a strategy's offer part: how long a customer may answer, and what follows from each answer or none.

import { offerEnds } from "../domain/offer.ts";
import { integer, nullable, object, oneOf, type Shape } from "./shape.ts";
import type { OfferPart } from "./strategy.ts";

const basisPoints = integer(0, 10_000);

export const offerShape: Shape<OfferPart> = object<OfferPart>({
  answerWithinDays: integer(1, 365),
  ifDeclined: oneOf(offerEnds),
  ifSilent: oneOf(offerEnds),
  counter: nullable(
    object<NonNullable<OfferPart["counter"]>>({ minimumBp: basisPoints, acceptBp: basisPoints }),
  ),
});
