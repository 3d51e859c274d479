/*
 * Inside the desk: the verbs of those who bring a case (domain.md "Verbs": client by link, merchant by API, intake by
 * import). What they may change, and until when, is said here once.
 */
#ifndef KYBDESK_SRC_DESK_CLIENT_CLIENT_H
#define KYBDESK_SRC_DESK_CLIENT_CLIENT_H

#include "kybdesk/store/subject.h"
#include "use/use.h"

/* What somebody wants to change: a field of a step, a document of a type, the parties. */
struct client_wish {
	const char *step, *field, *document_type; /* NULL: not that */
	bool parties;
};

/* frozen.c: free until it is submitted, and while it may be submitted again; then only what a correction that is not
 * closed asks for. ERR_BLOCKED with what to do, ERR_CONFLICT with the time of the success where the profile's approval is
 * final. */
enum err client_may_change(const struct use *use, const struct client_wish *wish, struct error *error) KYB_MUST_USE;
/* Whether nothing has been submitted, or it may be submitted anew. */
bool client_is_free(const struct use *use);
/* Whether an item asks for it. */
bool correction_opens(const struct profile *profile, const struct correction *correction,
		      const struct client_wish *wish);
/* Whether an item that is open or answered does. */
bool client_is_requested(const struct case_file *file, const struct profile *profile,
			 const struct client_wish *wish);
/* Who declares parties: staff and intake always, others where the profile says so (parties.by_client). */
enum err client_may_declare(const struct use *use, struct error *error) KYB_MUST_USE;

/* values.c: an object of JSON laid over another, member by member; null takes a member away. ERR_INVALID, with `what` as the
 * field, for what is no object. The result lives in the arena. */
enum err values_laid_over(struct arena *arena, const char *what, const char *present, const char *data,
			  const char **out, struct error *error) KYB_MUST_USE;

/* follow.c: every field of a step or party that names the document `from` names `to`, which took its place. */
enum err document_follow(struct use *use, const char *from, const char *to, struct error *error) KYB_MUST_USE;

/* party_values.c: in->fields_json and in->addresses_json into a party of use->file, and into the store. Refused with the field
 * and the seed's sentence when one that is given breaks a rule. */
enum err party_lay_values(struct use *use, struct party *party, struct error *error) KYB_MUST_USE;

/* step.c: the step of the case; made when only the profile knows it. ERR_INVALID with those that there are. */
enum err client_step(struct use *use, const char *id, struct step **out, struct error *error) KYB_MUST_USE;

/* A value that the case has a member for has one truth: what is given for the step is said there, too. */
void client_speak_for_subject(struct use *use, const struct step_spec *spec, const struct json_value *data);

/* subject.c: the one that in->part names, with its sessions; ERR_NOT_FOUND when it was deleted. */
enum err client_subject(struct use *use, struct subject_record *record, struct subject_sessions *sessions,
			struct error *error) KYB_MUST_USE;

#endif
