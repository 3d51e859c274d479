/* Inside the desk: what reviewing, links and parties share with other rooms. */
#ifndef KYBDESK_SRC_DESK_REVIEW_REVIEW_H
#define KYBDESK_SRC_DESK_REVIEW_REVIEW_H

#include "kybdesk/desk/follow.h"
#include "use/use.h"

/* link.c: access links. */
#define LINK_DEFAULT_MS (30 * DAY_MS) /* of a reactivated session whose profile names no life of a link */
bool link_is_expired(const struct session *session, int64_t now);
/* days from now, or from the present end when that is later. A link without end keeps none. */
enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error) KYB_MUST_USE;
/* A link for a document of this type, in a body with this mark. */
struct link_wish {
	const char *document_type, *mark;
};

/* link_token.c: what links are made of. */
/* Whether clients can be sent a link at all: the store's public_url is known, or this is a sandbox. ERR_BLOCKED with what
 * an admin has to run. */
enum err link_base(struct desk *desk, struct arena *arena, const char **base, struct error *error) KYB_MUST_USE;
/* Before a session is opened: the same, for a profile that puts links into what it sends. */
enum err link_check_profile(struct desk *desk, const struct profile *profile, struct error *error) KYB_MUST_USE;
/* Raises the generation: the link before opens nothing any more. *url, absolute, in the arena; NULL: it is not asked for. */
enum err link_new(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		  struct error *error) KYB_MUST_USE;
/* The link that stands; "" when there is none. */
enum err link_present(struct desk *desk, struct arena *arena, const struct session *session, const char **url,
		      struct error *error) KYB_MUST_USE;
/* A mark for the placeholders of one body, in the arena. */
const char *link_mark_new(const struct desk *desk, struct arena *arena);
/* A new link for one document that is asked for, beside the session's own: with a placeholder of this mark for the token,
 * as it is stored. */
enum err link_new_for(struct desk *desk, struct arena *arena, const struct session *session,
		      const struct link_wish *wish, const char **url, struct error *error) KYB_MUST_USE;

/* step.c: values changed one by one, by the paths of in->fields_json. */
struct fields_edit {
	const char **json; /* the present object; in the arena afterwards */
	const struct field_spec *specs;
	size_t spec_count;
	const char *what; /* begins a sentence: "The step company" */
};
/* ERR_INVALID for a field that neither the profile nor the case knows, or a path that leads nowhere. Hashes of what was and
 * is there go into use->detail. */
enum err fields_edit(struct use *use, const struct fields_edit *edit, struct error *error) KYB_MUST_USE;
/* The reason, where one was given, as a note that begins with `what`, and its hash in use->detail. */
enum err fields_explain(struct use *use, const char *what, struct error *error) KYB_MUST_USE;
/* ERR_INVALID when one of the failures is about a value that was given; base: "steps.company". */
enum err fields_refuse(struct use *use, const char *base, const struct rule_failures *failures,
		       struct error *error) KYB_MUST_USE;

/* party.c: the party as it is typed may be stored: the first problem that is no warning as an error. */
enum err party_check(struct use *use, const struct party *self, const struct party_input *input,
		     struct error *error) KYB_MUST_USE;
/* The new party, in the case and in the store; with its share. */
enum err party_insert(struct use *use, const struct party *party, struct party **out,
		      struct error *error) KYB_MUST_USE;

/* session_delete.c: whether a session was handed in or decided: then it is kept. */
bool member_is_kept(const struct family_member *member);
/* Erases a session with its subsessions within the open transaction, into use->erased; what is left is done after the
 * commit. ERR_BLOCKED when one of them is kept; verb completes "Cannot …". */
enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error) KYB_MUST_USE;

/* subsession.c: makes the session that verifies a party, within the open transaction: draft, its own link, event. */
enum err subsession_make(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;

#endif
