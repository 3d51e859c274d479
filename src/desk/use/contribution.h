/* Changes of a case with their authors: noted by the frame for every verb, read by the gate and by verbs that clear a part. */
#ifndef KYBDESK_SRC_DESK_USE_CONTRIBUTION_H
#define KYBDESK_SRC_DESK_USE_CONTRIBUTION_H

#include "use/use.h"

/* Call before the function runs: sets the material of the row, or of the capacity. */
void contribution_begin(struct use *use);
/* Notes the contribution of this run, unless it is not material. word: of the audit log. */
enum err contribution_note(struct use *use, const char *word, struct error *error) KYB_MUST_USE;
/* Notes the contribution of an imported line; is_new: the whole case is new. */
enum err contribution_note_import(struct desk *desk, int64_t session, bool is_new,
				  struct error *error) KYB_MUST_USE;
/* The contributions of all people to the session, in any store, each with its words (`done`). Within a transaction. */
enum err contribution_list(struct desk *desk, struct arena *arena, int64_t session, struct contribution_list *out,
			   struct error *error) KYB_MUST_USE;
/* As contribution_list(), with the admins that installed the rules of the case, if other rules are in force. */
enum err contribution_of_case(struct desk *desk, struct arena *arena, const struct session *session,
			      struct contribution_list *out, struct error *error) KYB_MUST_USE;
/* Whether this person contributed data or gave a material verdict; in a sandbox never. Within a transaction. */
enum err contribution_by(struct desk *desk, struct arena *arena, int64_t session, const char *actor, bool *any,
			 struct error *error) KYB_MUST_USE;
/* Sets the contributions of context->actor in the context of an actor that decides; in a sandbox none. Within a
 * transaction. */
enum err contribution_context(struct desk *desk, struct arena *arena, const struct case_file *file,
			      struct gate_context *context, struct error *error) KYB_MUST_USE;
/* In production: the first reviewer with a change or a verdict of their own, without imports and submitted data; ""
 * none. An automatic approval would then be the approval of that one person. */
enum err contribution_of_staff(struct desk *desk, struct arena *arena, const struct session *session,
			       const char **actor, struct error *error) KYB_MUST_USE;
/* Why the actor must not judge this part: "bo added it (…)"; "" no reason. */
enum err contribution_to(struct use *use, const char *kind, const char *id, const char **why,
			 struct error *error) KYB_MUST_USE;

#endif
