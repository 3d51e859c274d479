// What the compiler must refuse: each line after @ts-expect-error. A schema that allows anything would fail here.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1" });

export async function wrong(): Promise<void> {
  // @ts-expect-error an unknown address
  await client.GET("/kyc/session");
  // @ts-expect-error no body
  await client.POST("/kyc/sessions");
  // @ts-expect-error the subject has no kind
  await client.POST("/kyc/sessions", { body: { workflow_id: "x", subject: { name: "A", country: "PT" } } });
  // @ts-expect-error a status that does not exist
  const status: components["schemas"]["SessionStatus"] = "finished";
  const { data } = await client.GET("/kyc/sessions/{session_id}", { params: { path: { session_id: status } } });
  // @ts-expect-error a member that does not exist
  console.log(data?.state);
  // @ts-expect-error it may be null
  console.log(data?.access_link.length);
}
