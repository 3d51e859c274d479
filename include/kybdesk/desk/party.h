/*
 * Related parties beyond declaring them (review.h): changing, removing, verifying elsewhere, copying a person who was
 * verified before, undeclared ownership, subsessions, duplicates, and erasing a session. Each needs that nobody else
 * holds the case (ERR_CONFLICT) and that it is not decided (ERR_BLOCKED). *id (arena) is the session's full id; party
 * arguments are ids or unique prefixes of four or more characters (ERR_NOT_FOUND; several: ERR_USAGE).
 */
#ifndef KYBDESK_DESK_PARTY_H
#define KYBDESK_DESK_PARTY_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/party_input.h"

/* Everything that is wrong with the input, for a form while somebody types; party "" for a new one. Changes nothing. */
enum err desk_party_check(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			  const struct party_input *input, struct party_problems *out,
			  struct error *error) KYB_MUST_USE;
/* NULL texts and roles 0 stay as they are; percent "" ends the share. Who the party is (name, birth date, country,
 * numbers) is carried into its undecided subsession, and cannot change once that is approved (ERR_BLOCKED); a mark
 * "verified elsewhere" falls with it. */
enum err desk_party_edit(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			 const struct party_input *input, const char **id, struct error *error) KYB_MUST_USE;
/* What it owns of one company (of: a party, "" the subject), beside its other shares; percent "" ends that share. */
enum err desk_party_own(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			const char *of, const char *percent, const char **id, struct error *error) KYB_MUST_USE;
/* Kept, with who, when and why, and counts for nothing. A reason of ten characters once the session was handed in.
 * ERR_BLOCKED while others own it. A subsession that was never handed in goes; any other is kept, its link stopped. */
enum err desk_party_remove(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			   const char *reason, const char **id, struct error *error) KYB_MUST_USE;
/* Counts as verified, and is shown as such. Lead; reason of ten characters. */
enum err desk_party_verify(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			   const char *reason, const char **id, struct error *error) KYB_MUST_USE;
enum err desk_party_unverify(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			     const char **id, struct error *error) KYB_MUST_USE; /* lead; takes the mark back */
/* Why so much ownership is undeclared: listed, state_owned, regulated, dispersed; or other with a text of ten
 * characters. Lead. It holds as long as the gap does not grow. ERR_BLOCKED when there is none. */
enum err desk_party_gap(struct desk *desk, struct arena *arena, const char *reference, const char *reason,
			const char *text, const char **id, struct error *error) KYB_MUST_USE;

/* Approved KYC sessions of the same merchant about a person of this name, birth date and country: offered, never
 * taken silently. Birth dates are masked. */
struct party_candidate {
	const char *id, *external_ref, *workflow, *name, *country, *date_of_birth, *approved_by;
	const char *parent_id, *parent_name; /* the case it was made for; "" none */
	int64_t approved_at;
	bool fits; /* its workflow is the one that this case's parties need */
};
enum err desk_party_candidates(struct desk *desk, struct arena *arena, const char *reference, const char *name,
			       const char *date_of_birth, const char *country, struct party_candidate **items,
			       size_t *count, struct error *error) KYB_MUST_USE;
/* The same for a party of the case. */
enum err desk_party_candidates_of(struct desk *desk, struct arena *arena, const char *reference, const char *party,
				  struct party_candidate **items, size_t *count, struct error *error) KYB_MUST_USE;
/* Makes a party of the person whom the session `from` verified; roles, control_role, percent and owner_of are the
 * input's, the rest is copied. With party not "" that party, who must be the same person, is verified by it. From then
 * on that session stands for the party: reopened, the party is not verified. */
enum err desk_party_copy(struct desk *desk, struct arena *arena, const char *reference, const char *from,
			 const char *party, const struct party_input *input, const char **id, const char **party_id,
			 struct error *error) KYB_MUST_USE;

/* The id of the session that verifies a party. ERR_NOT_FOUND when there is none. */
enum err desk_subsession_of(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			    const char **subsession_id, struct error *error) KYB_MUST_USE;
/* Takes it off the party: a copied one is let go, one that was never handed in is erased; any other is refused. */
enum err desk_subsession_remove(struct desk *desk, struct arena *arena, const char *reference, const char *party,
				const char **id, struct error *error) KYB_MUST_USE;

/* Says that `other` (id, unique prefix or external_ref of one of the case's duplicates) is another application. Holds
 * for both, until more of the two is the same. Reason of ten characters. */
enum err desk_duplicate_dismiss(struct desk *desk, struct arena *arena, const char *reference, const char *other,
				const char *reason, const char **id, struct error *error) KYB_MUST_USE;

struct delete_result {
	const char *id;
	const char **ids; /* everything that went, the session first */
	size_t count;
	int64_t documents, parties;
};
/* Erases a session that was never handed in, with its subsessions, in one transaction; the trail says what went.
 * ERR_BLOCKED when any of them was handed in or decided: those are kept until their retention ends. Lead. */
enum err desk_session_delete(struct desk *desk, struct arena *arena, const char *reference,
			     struct delete_result *out, struct error *error) KYB_MUST_USE;

#endif
