// Creates and submits a session with a client generated from docs/api/openapi.json. The compiler checks every path,
// parameter, body and response. usage: node story.js URL KEY
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

declare const process: { argv: string[]; exitCode: number };

type Field = components["schemas"]["AskedField"];

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

const [, , url = "", key = ""] = process.argv;
const merchant = createClient<paths>({ baseUrl: `${url}/v1`, headers: { Authorization: `Bearer ${key}` } });
const client = createClient<paths>({ baseUrl: url });

const refused = await merchant.POST("/kyc/sessions", {
  body: { workflow_id: "generic-kyc", subject: { kind: "individual", name: "", country: "PT" } },
});
equal("the status", refused.error?.status, 400);
equal("the place", refused.error?.errors[0]?.pointer, "#/subject/name");

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
console.log(`${asked.steps?.length} steps and ${asked.document_types.length} documents: ${status}`);
