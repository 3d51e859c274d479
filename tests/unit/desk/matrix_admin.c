/* Cases of the matrix about the whole store: rules, settings, copies, deliveries. */
#include "matrix_cases.h"
#include "kybdesk/base/digest.h"

void matrix_replayed(struct cell *cell)
{
	static const struct replay_request dead = { .states = 1u << DELIVERY_DEAD,
						    .until = TIME_NONE,
						    .expected_count = -1 };

	cell->in.replay = &dead;
}

/* It takes nothing. */
void matrix_the_whole_store(struct cell *cell)
{
	(void)cell;
}

void matrix_setting(struct cell *cell)
{
	cell->in.part = "public_url";
	cell->in.text = arena_printf(&cell->f->arena, "https://%s.example", cell->ref);
}

void matrix_copying(struct cell *cell)
{
	cell->in.part = "/elsewhere/kept.db";
}

void matrix_new_workflow(struct cell *cell)
{
	cell->in.part = fixture_changed(cell->f, "workflows/ralio-kyb.json", "\"version\": 1",
					arena_printf(&cell->f->arena, "\"version\": %u", 1000 + cell->number),
					"ralio-kyb.json");
}

void matrix_new_reasons(struct cell *cell)
{
	cell->in.part = fixture_changed(
		cell->f, "reasons/session.json", "[\n",
		arena_printf(&cell->f->arena, "[\n{\"code\": \"own_%u\", \"label\": \"Own\", \"message\": \"M\"},\n",
			     cell->number),
		"session.json");
}

/* A key can belong to only one person, so each cell has its own key. */
void matrix_ssh_key(struct cell *cell)
{
	struct strbuf line = STRBUF_INIT, body = STRBUF_INIT;
	uint8_t key[SHA256_SIZE];

	sha256_hash(cell->in.part, strlen(cell->in.part), key);
	strbuf_add(&body, "\0\0\0\013ssh-ed25519\0\0\0 ", 19);
	strbuf_add(&body, key, sizeof key);
	strbuf_adds(&line, "ssh-ed25519 ");
	base64_encode(&line, body.buf, body.len);
	cell->in.text = arena_strdup(&cell->f->arena, line.buf);
	strbuf_release(&body);
	strbuf_release(&line);
}

void matrix_new_name(struct cell *cell)
{
	cell->in.part = arena_printf(&cell->f->arena, "person-%s", cell->ref);
	cell->in.role = ROLE_REVIEWER;
}

void matrix_person(struct cell *cell)
{
	matrix_new_name(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_REVIEWER_ADD, .part = cell->in.part, .role = ROLE_VIEWER);
}

void matrix_person_for_key(struct cell *cell)
{
	matrix_person(cell);
	strbuf_reset(&matrix_bytes);
	cell->in.content_out = &matrix_bytes;
}

void matrix_person_with_key(struct cell *cell)
{
	matrix_person_for_key(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_REVIEWER_KEY, .part = cell->in.part, .content_out = &matrix_bytes);
}

void matrix_person_with_ssh_key(struct cell *cell)
{
	matrix_person(cell);
	matrix_ssh_key(cell);
}

void matrix_person_with_access(struct cell *cell)
{
	matrix_person_with_ssh_key(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_ACCESS_ADD, .part = cell->in.part, .text = cell->in.text);
	cell->in.text = "";
}

void matrix_merchant(struct cell *cell)
{
	matrix_new_name(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_MERCHANT_ADD, .part = cell->in.part);
	strbuf_reset(&matrix_bytes);
	cell->in.content_out = &matrix_bytes;
}

void matrix_merchant_with_key(struct cell *cell)
{
	matrix_merchant(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_MERCHANT_KEY, .part = cell->in.part, .content_out = &matrix_bytes);
	cell->in.text = "default";
}

void matrix_provider(struct cell *cell)
{
	matrix_merchant(cell);
	cell->in.text = "watchman";
	cell->in.checks = 1u << CHECK_WATCHLIST;
}

void matrix_provider_with_key(struct cell *cell)
{
	matrix_provider(cell);
	(void)FIRST(cell->f->ada, .verb = VERB_PROVIDER_KEY, .part = cell->in.part, .text = cell->in.text,
		    .checks = cell->in.checks, .content_out = &matrix_bytes);
}

void matrix_template(struct cell *cell)
{
	cell->in.part = arena_printf(&cell->f->arena, "template-%s", cell->ref);
	cell->in.text = "{document} is still missing.";
}

void matrix_with_template(struct cell *cell)
{
	matrix_template(cell);
	(void)FIRST(cell->f->lea, .verb = VERB_TEMPLATE_SET, .part = cell->in.part, .text = cell->in.text);
	cell->in.text = "";
}

void matrix_half_document(struct cell *cell)
{
	static const char pdf[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n"
				  "%%EOF\n";

	fixture_kyc(cell->f, cell->ref, "draft", NULL);
	(void)FIRST(cell->f->rita, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_CLIENT, .type = "ID",
		    .side = "front", .file_name = "a.pdf", .bytes = pdf, .length = sizeof pdf - 1);
	sql_run(cell->f, arena_printf(&cell->f->arena,
				      "UPDATE document SET uploaded_at = 1 WHERE session_id = "
				      "(SELECT id FROM session WHERE external_ref = '%s')",
				      cell->ref));
}

void matrix_noted(struct cell *cell)
{
	fixture_ready(cell->f, cell->ref);
	(void)FIRST(cell->by, .verb = VERB_NOTE, .text = "A note.");
	cell->in.part = "1";
}

void matrix_mentioned(struct cell *cell)
{
	fixture_ready(cell->f, cell->ref);
	(void)FIRST(cell->f->rita, .verb = VERB_NOTE,
		    .text = arena_printf(&cell->f->arena, "@%s: look at it", desk_actor(cell->by)));
}

void matrix_own_command(struct cell *cell)
{
	fixture_ready(cell->f, cell->ref);
	cell->in.part = "register";
}

void matrix_on_hold(struct cell *cell)
{
	fixture_ready(cell->f, cell->ref);
	cell->in.reason = "a letter of the court, today";
	(void)FIRST(cell->f->lea, .verb = VERB_LEGAL_HOLD_SET, .reason = cell->in.reason);
}
