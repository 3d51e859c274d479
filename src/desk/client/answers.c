/* Says which document a client's file answers, after its upload: a reviewer moves an answer, or a merchant names the
 * file in place of another in a field of a party. */
#include "client/client.h"
#include "kybdesk/domain/things.h"

/* Stands for an id while two ids change places. */
#define PLACEHOLDER "?"

/* The present file that replaced the document; NULL: none. */
static struct document *file_in_place_of(const struct case_file *file, const struct document *document)
{
	for (size_t i = 0; document->replaced && i < file->document_count; i++) {
		if (file->documents[i].replaces_row == document->row && !file->documents[i].replaced)
			return &file->documents[i];
	}
	return NULL;
}

static enum err exchange_refs(struct use *use, const char *in_place, const char *file, const char *back,
			      struct error *error)
{
	enum err err = *back ? document_replace_refs(use, file, PLACEHOLDER, error) : ERR_OK;

	if (!err)
		err = document_replace_refs(use, in_place, file, error);
	return !err && *back ? document_replace_refs(use, PLACEHOLDER, back, error) : err;
}

/* Puts a document that lost its answer back into the case. */
static void reinstate(const struct use *use, struct document *document)
{
	document->replaced = false;
	if (use->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
	    case_requests_document(&use->file, document))
		document_set_upload_state(document, UPLOAD_REQUIRED);
}

/* Makes the file `answer` replace this document. What the file had replaced gets the former answer of `document`, or
 * returns to the case; fields that name the documents follow. */
static enum err answer_move(struct use *use, struct document *answer, struct document *document, struct error *error)
{
	struct store *store = use->desk->store;
	struct document *other = case_document_by_row(&use->file, answer->replaces_row);
	struct document *former = file_in_place_of(&use->file, document);
	const char *in_place = former ? former->id : document->id;
	const char *back = !other ? "" : former ? former->id : other->id;
	enum err err;

	answer->replaces_row = document->row;
	document->replaced = true;
	if (document->upload == UPLOAD_REQUIRED && document_has_all_sides(document))
		document_set_upload_state(document, UPLOAD_READY);
	if (former)
		former->replaces_row = other ? other->row : 0;
	else if (other)
		reinstate(use, other);
	err = store_document_update(store, answer, error);
	if (!err)
		err = store_document_update(store, document, error);
	if (!err && former)
		err = store_document_update(store, former, error);
	if (!err && other)
		err = store_document_update(store, other, error);
	return err ? err : exchange_refs(use, in_place, answer->id, back, error);
}

static enum err find_item(struct use *use, struct document **out, const struct correction **correction,
			  struct error *error)
{
	struct correction *named = NULL;
	struct error unknown = { 0 };
	enum err err = use_find_document(&use->file, use->in->part, out, error);

	if (err == ERR_NOT_FOUND && !use_find_correction(&use->file, use->in->part, &named, &unknown)) {
		error_release(error);
		if (named->document_id_count != 1)
			err = error_set(error, ERR_USAGE,
					"The correction %.8s names %zu documents; name the document instead", named->id,
					named->document_id_count);
		else
			err = use_find_document(&use->file, named->document_ids[0], out, error);
	}
	error_release(&unknown);
	if (err)
		return err;
	*correction = correction_for_document(&use->file, *out);
	return *correction ? ERR_OK
			   : REFUSE(BLOCKER_STATUS, (*out)->id, error, "No correction asks for the %s %.8s",
				    (*out)->type, (*out)->id);
}

static enum err check_answer(const struct use *use, const struct correction *correction, const struct document *answer,
			     const struct document *document, struct error *error)
{
	const char *why = NULL;

	if (answer->replaced)
		why = "a later file replaced it";
	else if (!document_has_bytes(answer))
		why = "it has no file";
	else if (answer == document || correction_has_document(correction, answer->id))
		why = "the correction asks for this document itself";
	else if (answer->uploaded_at == TIME_NONE || answer->uploaded_at < correction->requested_at)
		why = "it was uploaded before the correction was requested";
	else if (!document_types_are_alternatives(use->profile, answer->type, document->type))
		why = "it is of another type";
	else if (document->replaced && !file_in_place_of(&use->file, document))
		why = "the answer was replaced by a later file";
	if (!why)
		return ERR_OK;
	return REFUSE(BLOCKER_STATUS, answer->id, error, "%s %.8s cannot answer for the %s %.8s: %s", answer->type,
		      answer->id, document->type, document->id, why);
}

/* The reviewer says which document a client's file answers: the file replaces this document, and what it had replaced
 * gets the former answer, or returns to the case. Reads in->part: the document, or the correction if it names one
 * document only; in->document: the file. */
enum err use_correction_move(struct use *use, struct error *error)
{
	const struct correction *correction = NULL;
	struct document *document = NULL, *answer = NULL;
	const struct document *other, *former;
	enum err err = find_item(use, &document, &correction, error);

	if (!err)
		err = use_find_document(&use->file, text_or_empty(use->in->document), &answer, error);
	if (!err)
		err = check_answer(use, correction, answer, document, error);
	if (err)
		return err;
	use->out->part_id = answer->id;
	use->has_no_change = answer->replaces_row == document->row && document->replaced;
	if (use->has_no_change)
		return ERR_OK;
	other = case_document_by_row(&use->file, answer->replaces_row);
	former = file_in_place_of(&use->file, document);
	JSON_ADD(use->detail, { "document", AS_TEXT(answer->id) }, { "item", AS_TEXT(document->id) },
		 { "from|null", AS_TEXT(other ? other->id : "") },
		 { "exchanged|null", AS_TEXT(former ? former->id : "") });
	return answer_move(use, answer, document, error);
}

/* The document that the present document replaced, back to one that an unsettled correction names; NULL: none. */
static struct document *named_document(const struct case_file *file, struct document *document)
{
	for (size_t steps = 0; document && steps <= file->document_count; steps++) {
		for (size_t i = 0; i < file->correction_count; i++) {
			if (correction_is_unsettled(&file->corrections[i]) &&
			    correction_has_document(&file->corrections[i], document->id))
				return document;
		}
		document = case_document_by_row(file, document->replaces_row);
	}
	return NULL;
}

enum err party_place_document(struct use *use, const struct party *party, const char *id, struct error *error)
{
	struct document *answer = (struct document *)case_document(&use->file, id), *document;
	const struct document *present = party_identity_document(&use->file, use->profile, party);
	const struct client_change wanted = { .concerns_parties = true, .party = party };

	if (use->file.session.status != SESSION_AWAITING_CLIENT_CORRECTION || !answer || answer->replaced || !present ||
	    present == answer || !client_change_is_requested(&use->file, use->profile, &wanted) ||
	    named_document(&use->file, answer) == answer ||
	    !document_types_are_alternatives(use->profile, answer->type, present->type))
		return ERR_OK;
	document = named_document(&use->file, (struct document *)present);
	if (!document && !answer->replaces_row)
		document = (struct document *)present;
	return document ? answer_move(use, answer, document, error) : ERR_OK;
}
