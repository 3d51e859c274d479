#include "tui_support.h"

#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>

void stage_open(struct stage *stage, enum text_mode mode, size_t rows, size_t cols)
{
	*stage = (struct stage){ .frame = { .mode = mode,
					    .now = TEST_NOW,
					    .actor = "ana",
					    .role = ROLE_LEAD,
					    .sandbox = true,
					    .counts = { .inboxes = { 128, 12, 57, 31, 204, 1902, 140 },
							.views = { 4, 9, 0, 12 },
							.view_count = 4,
							.webhooks.due = 2 },
					    .has_counts = true } };
	surface_init(&stage->surface, mode);
	surface_begin(&stage->surface, rows, cols);
}

void stage_close(struct stage *stage)
{
	surface_release(&stage->surface);
	arena_release(&stage->arena);
}

const char *stage_row(struct stage *stage, size_t row)
{
	return surface_row_text(&stage->arena, &stage->surface, row);
}

int stage_find(struct stage *stage, const char *text)
{
	for (size_t row = 0; row < stage->surface.rows; row++)
		if (strstr(stage_row(stage, row), text))
			return (int)row;
	return -1;
}

void stage_check(struct stage *stage)
{
	for (size_t row = 0; row < stage->surface.rows; row++) {
		for (size_t col = 0; col < stage->surface.cols;) {
			const struct cell *cell = surface_cell(&stage->surface, row, col);
			cr_assert(cell->width == 1 || cell->width == 2, "row %zu col %zu: width %u", row, col,
				  cell->width);
			cr_assert_leq(col + cell->width, stage->surface.cols);
			if (cell->width == 2)
				cr_assert_eq(surface_cell(&stage->surface, row, col + 1)->width, 0);
			col += cell->width;
		}
	}
}

static void say_difference(const char *path, const char *kept, const char *is)
{
	const char *frame = "";
	for (size_t number = 1;; number++) {
		const int kept_length = (int)strcspn(kept, "\n"), length = (int)strcspn(is, "\n");
		if (!strncmp(is, "=== ", 4))
			frame = is;
		if (length != kept_length || strncmp(is, kept, (size_t)length) != 0 || !*is) {
			cr_expect_fail("%s:%zu (%.*s)\nkept: %.*s\nis:   %.*s", path, number, (int)strcspn(frame, "\n"),
				       frame, kept_length, kept, length, is);
			return;
		}
		kept += kept_length + (kept[kept_length] != '\0');
		is += length + (is[length] != '\0');
	}
}

void expect_kept(const char *path, const struct strbuf *is)
{
	if (getenv("KYBDESK_WRITE_FRAMES")) {
		temp_write(path, is->buf, is->len);
		return;
	}
	const char *kept = temp_read(path, NULL);
	if (!kept || strcmp(kept, is->buf) != 0)
		say_difference(path, kept ? kept : "", is->buf);
}

struct key key_char(char c)
{
	return (struct key){ .press = PRESS_CHAR, .ch = (uint32_t)(unsigned char)c };
}

struct key key_press(enum press press)
{
	return (struct key){ .press = press };
}

static struct checklist_item *add_check(struct job *job, size_t *capacity, bool met, const char *message,
					const char *ref, enum case_tab tab)
{
	struct case_view *view = &job->view;
	struct checklist_item *item = ARENA_PUSH(&job->arena, view->checklist, view->checklist_count, *capacity);
	*item = (struct checklist_item){
		.met = met, .message = message, .ref = ref, .other_ref = "", .link_ref = "", .tab = tab
	};
	return item;
}

static struct job *base_case(void)
{
	struct job *job = job_new(JOB_CASE);
	struct case_view *view = &job->view;
	struct session *session = &view->file.session;
	case_file_init(&view->file);
	job->has_case_view = true;
	view->masked = true;
	view->holder = view->parent_id = view->parent_name = view->rules_note = "";
	view->undo_until = TIME_NONE;
	session->id = "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01";
	session->external_ref = "RAL-2031";
	session->workflow = "ralio-kyb";
	session->merchant = "northwind-pay";
	session->status = SESSION_MANUAL_REVIEW;
	session->subject.name = "Harbour Lane Trading Ltd";
	session->subject.country = "GBR";
	session->subject.level = "LIGHT";
	session->subject.tax_id = "*******6789";
	session->risk_score = 42;
	session->submitted_at = TEST_NOW - 17 * 24 * HOUR_MS;
	session->due_at = TEST_NOW - 2 * HOUR_MS;
	session->version = 14;
	return job;
}

struct job *harbour_case(void)
{
	struct job *job = base_case();
	struct case_file *file = &job->view.file;
	size_t capacity = 0;
	add_check(job, &capacity, true, "the case is in review", "", TAB_SUMMARY);
	add_check(job, &capacity, false, "PROOF_OF_ADDRESS is not accepted", "PROOF_OF_ADDRESS", TAB_DOCUMENTS);
	add_check(job, &capacity, false, "Ines Duarte has not finished her KYC", "party-1", TAB_PARTIES);
	add_check(job, &capacity, true, "no open corrections", "", TAB_CORRECTIONS);

	file->document_count = 2;
	file->documents =
		arena_alloc_array(&job->arena, 3, sizeof *file->documents); /* room for a test's own documents */
	static const char *const types[] = { "BUSINESS_NUMBER", "PROOF_OF_ADDRESS" };
	for (size_t i = 0; i < 2; i++) {
		struct document *document = &file->documents[i];
		document_init(document);
		document->id = arena_printf(&job->arena, "document-%zu", i);
		document->type = types[i];
		document->file_name = i ? "address.pdf" : "number.pdf";
		document->upload = UPLOAD_READY;
		document->review = i ? REVIEW_UNREVIEWED : REVIEW_ACCEPTED;
		document->size_bytes = 2048;
	}
	file->party_count = 2;
	file->parties = arena_alloc_array(&job->arena, 2, sizeof *file->parties);
	for (size_t i = 0; i < 2; i++) {
		struct party *party = &file->parties[i];
		party_init(party);
		party->id = i ? "party-1" : "party-0";
		party->kind = i ? PARTY_INDIVIDUAL : PARTY_COMPANY;
		party->name = i ? "Ines Duarte" : "Lane Holdings BV";
		party->roles = i ? 1u << ROLE_UBO | 1u << ROLE_DIRECTOR : 1u << ROLE_SHAREHOLDER;
		party->control_role = i ? "CEO" : "";
		party->country = i ? "PRT" : "NLD";
		party->effective_percent = i ? "54" : "60";
		party->session_id = i ? "5e551011-0000-4000-8000-000000000001" : "";
		party->session_status = SESSION_ACTIVE;
	}
	job->tree_count = 2;
	job->tree = arena_alloc_array(&job->arena, 2, sizeof *job->tree);
	job->tree[0] = (struct ownership_line){ .party = 0, .depth = 0, .percent = "60" };
	job->tree[1] = (struct ownership_line){ .party = 1, .depth = 1, .percent = "90", .is_last_sibling = true };

	file->check_count = 1;
	file->checks = arena_alloc_array(&job->arena, 1, sizeof *file->checks);
	check_init(file->checks);
	file->checks->subject_standing.change_text = "";
	file->checks->kind = CHECK_WATCHLIST;
	file->checks->status = CHECK_HIT;
	file->checks->hit_count = 1;
	file->checks->hits = arena_alloc_array(&job->arena, 1, sizeof *file->checks->hits);
	hit_init(file->checks->hits);
	file->checks->hits->id = "hit-0";
	file->checks->hits->name = "Inês Duarte";
	file->checks->hits->list = "OFAC SDN";
	file->checks->hits->score = 0.83;
	static const struct countries no_countries;
	const struct case_file *const files[] = { file };
	hit_card_make(&job->arena,
		      &(const struct card_input){ .countries = &no_countries,
						  .files = files,
						  .file_count = 1,
						  .check = file->checks,
						  .hit = file->checks->hits },
		      &job->hit.card);
	job->hit.other_subject_name = "";
	return job;
}

struct job *clear_case(void)
{
	struct job *job = base_case();
	size_t capacity = 0;
	add_check(job, &capacity, true, "the case is in review", "", TAB_SUMMARY);
	add_check(job, &capacity, true, "no open hits", "", TAB_CHECKS);
	return job;
}

struct job *list_answer(uint64_t ticket, size_t first, size_t count, bool more)
{
	struct job *job = job_new(JOB_LIST);
	struct list_page *page = &job->page[0].page;
	job->ticket = ticket;
	job->page_count = 1;
	job->page[0].after = "";
	job->total = (int64_t)(first + count);
	page->count = count;
	page->next = more ? "cursor" : "";
	page->items = arena_alloc_array(&job->arena, count ? count : 1, sizeof *page->items);
	for (size_t i = 0; i < count; i++)
		page->items[i] =
			(struct session_item){ .id = arena_printf(&job->arena, "id-%zu", first + i),
					       .subject_name = arena_printf(&job->arena, "Company %zu", first + i),
					       .external_ref = "",
					       .workflow = "ralio-kyb",
					       .short_workflow = "KYB",
					       .merchant = "shop",
					       .country = "GBR",
					       .assignee = "",
					       .level = "LIGHT",
					       .parent_id = "",
					       .status = SESSION_MANUAL_REVIEW,
					       .risk_score = 42,
					       .documents_total = 4,
					       .documents_accepted = 4,
					       .due_at = TEST_NOW + (int64_t)(i + 1) * HOUR_MS };
	return job;
}

void remove_an_owner(struct job *job)
{
	struct party *party = arena_alloc_array(&job->arena, 1, sizeof *party);
	party_init(party);
	party->id = "party-9";
	party->name = "Old Owner";
	party->removed_by = "ana";
	party->removed_reason = "sold his share";
	party->removed_at = TEST_NOW;
	job->view.file.removed = (struct party_list){ party, 1 };
}
