// A client as somebody else writes it: it has to pass `tsc --strict` against types made from docs/openapi.json.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Problem = Schemas["Problem"];

const api = createClient<paths>({ baseUrl: "https://api.example.com" });

/** Whole answers: nothing of a customer may be missing. */
export function nameOf(customer: Schemas["Customer"]): string {
  const whole: Required<Schemas["Customer"]> = customer;
  return whole.company_name || `${whole.first_name} ${whole.last_name}`;
}

/** Requests as optional as they are: two fields book an appointment, one changes a customer. */
export async function atTheCounter(shop_id: string, customer_id: string): Promise<string> {
  const booked = await api.POST("/shops/{shop_id}/appointments", {
    params: { path: { shop_id } },
    body: { customer_id, starts_at: "2027-03-01T09:30:00-05:00" },
  });
  if (booked.error) return told(booked.error);
  const read = await api.GET("/shops/{shop_id}/customers/{customer_id}", {
    params: { path: { shop_id, customer_id } },
  });
  if (read.error) return told(read.error);
  const changed = await api.PATCH("/shops/{shop_id}/customers/{customer_id}", {
    params: { path: { shop_id, customer_id }, header: { "If-Match": `"${read.data.version}"` } },
    body: { first_name: "Ada" },
  });
  if (changed.error) return told(changed.error);
  const change: Schemas["SourceChange"] = { is_dropped: true };
  const cleared: Schemas["CustomerFields"] = { company_name: null };
  return nameOf(changed.data) + String(change.is_dropped) + String(cleared.company_name);
}

export async function takenAway(shop_id: string, customer_id: string, note_id: string): Promise<boolean> {
  const answer = await api.DELETE("/shops/{shop_id}/customers/{customer_id}/notes/{note_id}", {
    params: { path: { shop_id, customer_id, note_id }, header: { "If-Match": '"1"' } },
  });
  return answer.error === undefined;
}

/** Problems can be told apart, each by its type; candidates are candidates, errors may be left out. */
export function told(problem: Problem): string {
  switch (problem.type) {
    case "urn:crossbay:problem:likely-duplicate":
      return (problem.candidates ?? []).map((one) => one.card.last_name).join();
    case "urn:crossbay:problem:bad-input":
      return (problem.errors ?? []).map((one) => `${one.field} ${one.reason}`).join();
    default:
      return problem.detail;
  }
}

// What has to be wrong.

// @ts-expect-error: no such type of problem
export const unknown: Problem["type"] = "urn:crossbay:problem:no-such-problem";

// @ts-expect-error: an answer has every field
export const half: Schemas["Note"] = { id: "1", text: "Gate code" };

// @ts-expect-error: a booking needs its time
export const timeless: Schemas["NewAppointment"] = { customer_id: "1" };
