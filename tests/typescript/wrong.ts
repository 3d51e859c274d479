// The compiler must reject each line after @ts-expect-error. If a schema allowed anything, this file would not compile.
import createClient from "openapi-fetch";
import type { components, paths, webhooks } from "./api.js";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1" });

export async function wrong(): Promise<void> {
  // @ts-expect-error an unknown path
  await client.GET("/kyc/session");
  // @ts-expect-error the body is missing
  await client.POST("/kyc/sessions");
  // @ts-expect-error the subject has no kind
  await client.POST("/kyc/sessions", { body: { workflow_id: "x", subject: { name: "A", country: "PT" } } });
  // @ts-expect-error a status that does not exist
  const status: components["schemas"]["SessionStatus"] = "finished";
  const { data } = await client.GET("/kyc/sessions/{session_id}", { params: { path: { session_id: status } } });
  // @ts-expect-error a member that does not exist
  console.log(data?.state);
  // @ts-expect-error access_link may be null
  console.log(data?.access_link.length);
  type Payout = webhooks["payout.completed"]["post"]["requestBody"]["content"]["application/json"];
  const payout = JSON.parse("{}") as Payout;
  console.log(payout.data.order.amount + 1, payout.data.session_id.length);
  // @ts-expect-error a member of an event that may be absent
  console.log(payout.data.account.id);
  // @ts-expect-error another event
  console.log(payout.type === "payout.complete");
}
