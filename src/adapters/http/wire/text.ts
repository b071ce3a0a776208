// Texts that are evidence go out in both languages at once, as the customer may have read either.

import { z } from "zod";

export const textWire = z.object({ zh: z.string(), en: z.string() }).meta({ id: "Text" });

export const instantWire = z.string().meta({ format: "date-time" });

export const dateWire = z.string().meta({ format: "date" });

export const idWire = z.string().meta({ format: "uuid" });
