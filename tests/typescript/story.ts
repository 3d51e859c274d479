// Creates and submits a session with a client generated from docs/api/openapi.json, and hears of it by webhooks. The
// compiler checks every path, parameter, body, response and event. usage: node story.js URL KEY
import { createServer } from "node:http";
import createClient from "openapi-fetch";
import type { components, paths, webhooks } from "./api.js";

type Field = components["schemas"]["AskedField"];
type EventName = keyof webhooks;
type EventOf<Name extends EventName> = webhooks[Name]["post"]["requestBody"]["content"]["application/json"];
type StatusChange = EventOf<"session.status_changed">;

function must<T>(what: string, data: T | undefined, error: unknown): T {
  if (data === undefined) throw new Error(`${what}: ${JSON.stringify(error)}`);
  return data;
}

function equal<T>(what: string, found: T, wanted: T): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)} instead of ${String(wanted)}`);
}

function value(field: Field): string {
  const rule = (name: components["schemas"]["RuleKind"]) => field.rules.find((one) => one.rule === name);
  if (rule("country")) return "Portugal";
  if (rule("date")) return "1990-04-01";
  return rule("one_of")?.choices?.[0] ?? "Rua do Ouro";
}

// Keeps the changes of status that arrive, each once.
const changes: StatusChange[] = [];
const seenIds = new Set<string | undefined>();
const receiver = createServer((request, response) => {
  void (async () => {
    const decoder = new TextDecoder();
    let body = "";
    for await (const part of request) body += decoder.decode(part, { stream: true });
    const event = JSON.parse(body) as EventOf<EventName>;
    if ("type" in event && event.type === "session.status_changed" && !seenIds.has(request.headers["webhook-id"]))
      changes.push(event);
    seenIds.add(request.headers["webhook-id"]);
    response.writeHead(204).end();
  })();
});

async function told(status: components["schemas"]["SessionStatus"]): Promise<StatusChange> {
  for (let tries = 0; tries < 600; tries++) {
    const found = changes.find((change) => change.data.status === status);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no webhook says ${status}: ${JSON.stringify(changes)}`);
}

const [, , url = "", key = ""] = process.argv;
const headers = { Authorization: `Bearer ${key}` };
const merchant = createClient<paths>({ baseUrl: `${url}/v1`, headers });
const client = createClient<paths>({ baseUrl: url });

const refused = await merchant.POST("/kyc/sessions", {
  body: { workflow_id: "generic-kyc", subject: { kind: "individual", name: "", country: "PT" } },
});
equal("the status", refused.error?.status, 400);
equal("the place", refused.error?.errors[0]?.pointer, "#/subject/name");

await new Promise<void>((ready) => receiver.listen(0, "127.0.0.1", ready));
const endpoint = await client.POST("/v1/webhook_endpoints", {
  headers,
  body: { url: `http://127.0.0.1:${receiver.address().port}/`, events: ["*"] },
});
must("an endpoint", endpoint.data, endpoint.error);

const opened = await merchant.POST("/kyc/sessions", {
  body: { workflow_id: "generic-kyc", subject: { kind: "individual", name: "Ines Duarte", country: "PT" } },
});
const session = must("a session", opened.data, opened.error);
const token = session.access_link?.split("/s/")[1] ?? "";
const at = { params: { path: { token } } };

const seen = await client.GET("/api/s/{token}", at);
const asked = must("what is asked", seen.data, seen.error);
for (const one of asked.document_types.filter((type) => type.formats.includes("pdf"))) {
  const content = btoa(`%PDF-1.4\n% ${one.type}\n%%EOF\n`);
  const added = await client.POST("/api/s/{token}/documents", { ...at, body: { document_type: one.type, content } });
  equal("the type", must("a document", added.data, added.error).type, one.type);
}
for (const step of asked.steps ?? []) {
  const fields = Object.fromEntries(step.asked.map((field) => [field.id, value(field)]));
  if (!step.asked.length) continue;
  const path = { token, step: step.step_id };
  const saved = await client.PUT("/api/s/{token}/steps/{step}", { params: { path }, body: { fields, done: true } });
  equal("while the client works", must("a step", saved.data, saved.error).status, "active");
}
const done = await client.POST("/api/s/{token}/complete", at);
must("submitted", done.data, done.error);
const again = await client.POST("/api/s/{token}/complete", at);
equal("a second time", again.error?.type, "/problems/blocked");

const read = await merchant.GET("/kyc/sessions/{session_id}", { params: { path: { session_id: session.id } } });
const status: components["schemas"]["SessionStatus"] = must("the session", read.data, read.error).status;
equal("status", status, "completed");
const list = await merchant.GET("/kyc/sessions", { params: { query: { status: "completed", limit: 10 } } });
equal("total", must("the list", list.data, list.error).total, 1);
const change = await told("completed");
equal("the session that the webhook is about", change.data.session_id, session.id);
equal("its kind", change.data.kind, "kyc");
receiver.close();
receiver.closeAllConnections();
console.log(`${asked.steps?.length} steps and ${asked.document_types.length} documents: ${status}`);
