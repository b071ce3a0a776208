// The id of a customer follows from the lender's own reference, so that whoever names the customer finds the same rows.

import { bucketOfCustomer, type Id } from "../domain/id.ts";
import type { Ids } from "./ports.ts";

/** The id of the customer with that reference, whether it is registered or not. */
export function customerIdOf(ids: Pick<Ids, "derive">, reference: string): Id {
  return ids.derive(bucketOfCustomer(reference), "customer", reference);
}
