/* Clients' links: absolute, derived from session, document and generation under the store's key, never stored. */
#include "link/link.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/domain/link_token.h"
#include "kybdesk/store/contribution.h"

#define SANDBOX_URL "http://127.0.0.1:8080"
#define LINK_PATH "/s/"

enum err link_base(struct desk *desk, struct arena *arena, const char **base, struct error *error)
{
	enum err err = store_info_get(desk->store, arena, STORE_PUBLIC_URL, base, error);

	if (err || **base)
		return err;
	if (desk->store->sandbox) {
		*base = desk->base ? desk->base : SANDBOX_URL;
		return ERR_OK;
	}
	return error_set(error, ERR_BLOCKED,
			 "Cannot make client links: the store has no public address; an admin sets it with: "
			 "kybdesk store set public_url https://HOST");
}

enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *base;
	enum err err = ERR_OK;

	if (profile->events[EVENT_DOCUMENT_REQUIRED])
		err = link_base(desk, &arena, &base, error);
	arena_release(&arena);
	return err;
}

/* The target of a link: the whole session, or the upload of one document type. */
struct opened {
	const struct session *session;
	const char *document_type; /* "": whole */
	int64_t generation;
};

static enum err url_of(struct desk *desk, struct arena *arena, const struct opened *opened, const char **url,
		       struct error *error)
{
	struct link_subject subject;
	struct link_key key;
	struct strbuf text = STRBUF_INIT;
	const char *base;
	enum err err = link_base(desk, arena, &base, error);

	if (!err)
		err = link_subject_set(&subject, opened->session->id, opened->generation, opened->document_type,
				       error);
	if (err)
		return err;
	/* An old store has no key yet. */
	err = store_key(desk->store, desk->store->db->writing, &key, error);
	if (!err) {
		strbuf_addf(&text, "%s" LINK_PATH, base);
		link_token_write(&text, &key, &subject);
		*url = strbuf_to_arena(&text, arena);
	}
	secret_wipe(&key, sizeof key);
	strbuf_wipe(&text);
	return err;
}

enum err link_new(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		  struct error *error)
{
	const char *base, *made = "";
	int64_t generation;
	enum err err = link_base(desk, arena, &base, error);

	if (!err)
		err = store_link_new_generation(desk->store, session->row, "", desk_now(desk), &generation, error);
	if (!err)
		err = store_contribution_end_links(desk->store, session->row, CALLER_CLIENT, error);
	if (!err)
		err = url_of(desk, arena, &(struct opened){ session, "", generation }, &made, error);
	if (!err && url)
		*url = made;
	return err;
}

enum err link_present_for(struct desk *desk, struct arena *arena, const struct session *session,
			  const char *document_type, const char **url, struct error *error)
{
	struct opened opened = { session, document_type, 0 };
	enum err err = store_link_generation(desk->store, session->row, document_type, &opened.generation, error);

	*url = "";
	return err || !opened.generation ? err : url_of(desk, arena, &opened, url, error);
}

enum err link_present(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		      struct error *error)
{
	return link_present_for(desk, arena, session, "", url, error);
}

const char *link_mark_new(const struct desk *desk, struct arena *arena)
{
	uint8_t bytes[(LINK_MARK_SIZE - 1) / 2];
	char *mark = arena_alloc(arena, LINK_MARK_SIZE);

	world_random(desk->world, bytes, sizeof bytes);
	hex_encode(bytes, sizeof bytes, mark);
	return mark;
}

enum err link_new_for(struct desk *desk, struct arena *arena, const struct session *session,
		      const struct link_options *wanted, const char **url, struct error *error)
{
	struct link_subject subject;
	struct link_key key;
	struct strbuf text = STRBUF_INIT;
	const char *base;
	int64_t generation;
	enum err err = link_base(desk, arena, &base, error);

	/* Creates the key, which the sending worker needs. */
	if (!err)
		err = store_key(desk->store, true, &key, error);
	if (err)
		return err;
	secret_wipe(&key, sizeof key);
	err = store_link_new_generation(desk->store, session->row, wanted->document_type, desk_now(desk),
					&generation, error);
	if (!err)
		err = link_subject_set(&subject, session->id, generation, wanted->document_type, error);
	if (err)
		return err;
	strbuf_addf(&text, "%s" LINK_PATH, base);
	link_placeholder_write(&text, wanted->mark, generation, wanted->document_type);
	*url = strbuf_finish(&text, arena);
	return ERR_OK;
}

enum err desk_link_resolve(struct desk *desk, struct arena *arena, const char *token, struct link_target *out,
			   struct error *error)
{
	struct link_subject subject;
	struct link_key key;
	struct link_row row = { 0 };
	bool right;
	enum err err = store_key(desk->store, false, &key, error);

	*out = (struct link_target){ .session_id = "", .document_type = "" };
	if (err)
		return err;
	right = link_token_read(&key, token, &subject);
	secret_wipe(&key, sizeof key);
	if (right)
		err = store_link_find(desk->store, &subject, &row, error);
	if (err)
		return err;
	/* The same message for every fault, so that the message reveals nothing. */
	if (!row.session)
		return error_set(error, ERR_NOT_FOUND, "Unknown link");
	out->session = row.session;
	out->merchant_row = row.merchant;
	out->session_id = arena_strdup(arena, subject.session_id);
	out->document_type = arena_strdup(arena, subject.document_type);
	out->generation = subject.generation;
	out->state = !row.valid							       ? LINK_REPLACED
		     : row.expires_at != TIME_NONE && desk_now(desk) >= row.expires_at ? LINK_EXPIRED
										       : LINK_OPEN;
	return ERR_OK;
}
