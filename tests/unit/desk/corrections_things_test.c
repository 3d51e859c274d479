/* A correction names documents: for each set of rejected documents, and each order of the client's answers, the case is
 * approved, and nobody outside touches an accepted document. */
#include "fixture.h"

#include "support/tried.h"

FIXTURE_READY(corrections_things);

#define TYPE "PROOF_OF_ADDRESS"
#define MOST 4

/* One case: `count` documents of one type, of which the bits of `rejected` are rejected. */
struct play {
	const char *ref, *ids[MOST];
	size_t count;
	unsigned rejected;
	unsigned files; /* so that every file has other bytes */
};

static unsigned plays;

static enum err upload(struct play *play, const char *document)
{
	const char *bytes = arena_printf(&f.arena, "%%PDF-1.7 %s %u\n%%%%EOF\n", play->ref, play->files++);

	return USE(f.ada, DOCUMENT_ADD, play->ref, .capacity = CAPACITY_INTAKE, .type = TYPE, .file_name = "paper.pdf",
		   .bytes = bytes, .length = strlen(bytes), .document = document);
}

static const char *column_of(const char *id, const char *column)
{
	return sql_text(&f, arena_printf(&f.arena, "SELECT %s FROM document WHERE uuid = '%s'", column, id));
}

static void open_case_of(struct play *play, size_t count, unsigned rejected)
{
	struct case_view view;
	size_t found = 0;

	*play = (struct play){ .count = count, .rejected = rejected };
	play->ref = arena_printf(&f.arena, "THI-%u", ++plays);
	fixture_kyb(&f, &(struct kyb){ .ref = play->ref, .status = "draft", .review = "unreviewed" });
	for (size_t i = 1; i < count; i++)
		must(upload(play, NULL));
	sql_change(&f, arena_printf(&f.arena, "UPDATE session SET status = 'manual_review' WHERE external_ref = '%s'",
				    play->ref));
	view = fixture_case(&f, play->ref);
	for (size_t i = 0; i < view.file.document_count; i++) {
		const struct document *document = &view.file.documents[i];
		bool of_type = !strcmp(document->type, TYPE);

		if (of_type)
			play->ids[found] = document->id;
		if (of_type && rejected & 1u << found)
			must(USE(f.rita, DOCUMENT_REJECT, play->ref, .part = document->id, .reason = "blurry"));
		else
			must(USE(f.rita, DOCUMENT_ACCEPT, play->ref, .part = document->id));
		found += of_type;
	}
	cr_assert_eq(found, count);
}

static enum err request(const struct play *play, const char **ids, size_t count)
{
	const char *types[] = { TYPE };
	const struct correction_request item = { .message = "Another file, please.",
						 .document_types = types,
						 .document_type_count = !count,
						 .document_ids = ids,
						 .document_id_count = count };

	return USE(f.rita, CORRECTIONS, play->ref, .requests = &item, .request_count = 1);
}

static const char *last_document(const struct play *play)
{
	return sql_text(&f, arena_printf(&f.arena,
					 "SELECT d.uuid FROM document AS d JOIN session AS s ON s.id = d.session_id "
					 "WHERE s.external_ref = '%s' ORDER BY d.id DESC LIMIT 1",
					 play->ref));
}

static enum err hand_in(const struct play *play)
{
	enum err err = USE(f.ada, HAND_IN, play->ref, .capacity = CAPACITY_INTAKE);

	sql_change(&f,
		   arena_printf(&f.arena,
				"UPDATE session SET status = 'manual_review', process_at = NULL, processing_since = "
				"NULL WHERE external_ref = '%s' AND status <> 'awaiting_client_correction'",
				play->ref));
	return err;
}

/* Accepts the new files and the answers, and approves. */
static void review(const struct play *play)
{
	struct case_view view = fixture_case(&f, play->ref);

	for (size_t i = 0; i < view.file.document_count; i++) {
		const struct document *document = &view.file.documents[i];

		if (!document->replaced && document->review == REVIEW_UNREVIEWED)
			must(USE(f.rita, DOCUMENT_ACCEPT, play->ref, .part = document->id));
	}
	for (size_t i = 0; i < view.file.correction_count; i++) {
		if (view.file.corrections[i].state == CORRECTION_ANSWERED)
			must(USE(f.rita, CORRECTION_ACCEPT, play->ref, .part = view.file.corrections[i].id));
	}
	must(USE(f.rita, APPROVE, play->ref));
	for (size_t i = 0; i < play->count; i++) {
		bool rejected = play->rejected & 1u << i;

		expect_text(column_of(play->ids[i], "replaced"), rejected ? "1" : "0");
		expect_text(column_of(play->ids[i], "review"), rejected ? "rejected" : "accepted");
		expect_text(column_of(play->ids[i], "upload"), "ready");
	}
}

static size_t rejected_ids(const struct play *play, const char **ids)
{
	size_t count = 0;

	for (size_t i = 0; i < play->count; i++) {
		if (play->rejected & 1u << i)
			ids[count++] = play->ids[i];
	}
	return count;
}

static void one_order(size_t count, unsigned rejected, const size_t *order, size_t answers)
{
	const char *ids[MOST];
	struct play play;

	open_case_of(&play, count, rejected);
	(void)rejected_ids(&play, ids);
	must(request(&play, ids, answers));
	for (size_t i = 0; i < answers; i++) {
		expect_error(hand_in(&play), ERR_BLOCKED, "");
		must(upload(&play, ids[order[i]]));
		expect_text(column_of(ids[order[i]], "replaced"), "1");
	}
	must(hand_in(&play));
	review(&play);
}

/* Calls one_order() with each order of the rejected documents. Returns their number. */
static unsigned every_order(size_t count, unsigned rejected, size_t *order, size_t at, size_t answers)
{
	unsigned orders = at == answers;

	if (at == answers)
		one_order(count, rejected, order, answers);
	for (size_t i = at; i < answers; i++) {
		size_t kept = order[at];

		order[at] = order[i];
		order[i] = kept;
		orders += every_order(count, rejected, order, at + 1, answers);
		order[i] = order[at];
		order[at] = kept;
	}
	return orders;
}

static void every_subset(size_t count, unsigned *orders)
{
	for (unsigned rejected = 1; rejected < 1u << count; rejected++) {
		size_t order[MOST] = { 0, 1, 2, 3 };

		orders[__builtin_popcount(rejected)] +=
			every_order(count, rejected, order, 0, (size_t)__builtin_popcount(rejected));
	}
}

Test(corrections_things, of_up_to_three_documents_by_id_in_every_order)
{
	unsigned orders[MOST + 1] = { 0 };

	for (size_t count = 1; count < MOST; count++)
		every_subset(count, orders);
	tried("1 to 3 documents of a type, every subset rejected: approved in %u orders of 1 answer, %u of 2, %u of 3",
	      orders[1], orders[2], orders[3]);
}

Test(corrections_things, of_four_documents_by_id_in_every_order)
{
	unsigned orders[MOST + 1] = { 0 };

	every_subset(MOST, orders);
	tried("4 documents of a type, every subset rejected: approved in %u orders of 1 answer, %u of 2, %u of 3, %u "
	      "of 4",
	      orders[1], orders[2], orders[3], orders[4]);
}

/* The seed's call names only the type, and its upload no document: each file answers the oldest rejected document. A
 * second round, and a file that was never given. */
Test(corrections_things, by_type_mean_what_was_rejected)
{
	for (size_t count = 1; count <= MOST; count++) {
		for (unsigned rejected = 1; rejected < 1u << count; rejected++) {
			const char *ids[MOST];
			struct play play;
			size_t answers;

			open_case_of(&play, count, rejected);
			answers = rejected_ids(&play, ids);
			must(request(&play, NULL, 0));
			for (size_t i = 0; i < answers; i++) {
				must(upload(&play, NULL));
				expect_text(column_of(ids[i], "replaced"), "1");
			}
			must(hand_in(&play));
			must(USE(f.rita, DOCUMENT_REJECT, play.ref, .part = last_document(&play), .reason = "blurry"));
			expect_err(USE(f.rita, APPROVE, play.ref), ERR_BLOCKED);
			must(request(&play, NULL, 0));
			must(upload(&play, NULL));
			must(hand_in(&play));
			review(&play);
		}
	}
}

Test(corrections_things, of_which_one_is_never_answered)
{
	for (unsigned rejected = 3; rejected < 8; rejected++) {
		const char *ids[MOST];
		struct play play;
		size_t answers;

		open_case_of(&play, 3, rejected);
		answers = rejected_ids(&play, ids);
		must(request(&play, ids, answers));
		for (size_t i = 0; i + 1 < answers; i++)
			must(upload(&play, ids[i]));
		expect_error(hand_in(&play), ERR_BLOCKED, "");
		must(USE(f.rita, WITHDRAW, play.ref));
		expect_err(USE(f.rita, APPROVE, play.ref), ERR_BLOCKED);
		must(request(&play, NULL, 0));
		must(upload(&play, NULL));
		must(hand_in(&play));
		review(&play);
	}
}

/* --- a file that answers the wrong document, or none --- */

static enum err move(const struct play *play, const char *item, const char *file)
{
	return USE(f.rita, CORRECTION_MOVE, play->ref, .part = item, .document = file);
}

Test(corrections_things, are_moved_by_the_reviewer_without_a_rejection)
{
	const char *first, *second;
	struct play play;

	open_case_of(&play, 3, 3);
	forward(&f, MINUTE_MS);
	must(request(&play, play.ids, 2));
	must(upload(&play, play.ids[0]));
	first = f.out.part_id;
	must(upload(&play, play.ids[1]));
	second = f.out.part_id;
	must(hand_in(&play));
	must(move(&play, play.ids[1], first));
	expect_text(
		sql_text(&f, arena_printf(&f.arena,
					  "SELECT o.uuid FROM document AS d JOIN document AS o ON o.id = d.replaces_id "
					  "WHERE d.uuid = '%s'",
					  second)),
		play.ids[0]);
	expect_sql("SELECT count(*) FROM audit_event WHERE action = 'correction.move'", "1");
	must(move(&play, play.ids[1], first)); /* nothing to change */
	expect_sql("SELECT count(*) FROM audit_event WHERE action = 'correction.move'", "1");
	expect_error(move(&play, play.ids[2], first), ERR_BLOCKED, "No correction asks for");
	expect_error(move(&play, play.ids[0], play.ids[2]), ERR_BLOCKED, "before the correction");
	review(&play);
}

Test(corrections_things, answered_twice_keep_the_second_file_until_it_is_moved)
{
	struct play play;
	const char *extra;

	open_case_of(&play, 2, 2);
	must(request(&play, &play.ids[1], 1));
	must(upload(&play, NULL));
	must(upload(&play, NULL));
	extra = last_document(&play);
	expect_text(column_of(extra, "replaces_id IS NULL"), "1");
	expect_text(column_of(play.ids[0], "replaced"), "0");
	must(hand_in(&play));
	expect_err(USE(f.rita, APPROVE, play.ref), ERR_BLOCKED);
	must(move(&play, play.ids[1], extra));
	review(&play);
}

/* A document that was accepted is replaced only if the correction names it. */
Test(corrections_things, name_an_accepted_document_too)
{
	struct play play;

	open_case_of(&play, 2, 0);
	must(request(&play, &play.ids[1], 1));
	expect_err(upload(&play, play.ids[0]), ERR_CONFLICT);
	must(upload(&play, NULL));
	expect_text(column_of(play.ids[0], "replaced"), "0");
	expect_text(column_of(play.ids[1], "replaced"), "1");
}

Test(corrections_things, refuse_unknown_and_replaced_documents)
{
	struct play play;
	const char *unknown[] = { "00000000-0000-4000-8000-000000000000" };

	open_case_of(&play, 2, 1);
	expect_err(request(&play, unknown, 1), ERR_NOT_FOUND);
	must(request(&play, play.ids, 1));
	must(upload(&play, NULL));
	must(hand_in(&play));
	expect_error(request(&play, play.ids, 1), ERR_INVALID, "was replaced by a later file");
}
