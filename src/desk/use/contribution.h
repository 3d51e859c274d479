/* Changes of a case with their authors: noted by the frame for every verb, read by the gate and by verbs that clear a part. */
#ifndef KYBDESK_SRC_DESK_USE_CONTRIBUTION_H
#define KYBDESK_SRC_DESK_USE_CONTRIBUTION_H

#include "use/use.h"

/* Before the function runs: the material of the row, or of the capacity. */
void contribution_begin(struct use *use);
/* Notes the contribution of this run; word: of the audit log. Nothing if it is not material. */
enum err contribution_note(struct use *use, const char *word, struct error *error) KYB_MUST_USE;
/* Of an imported line; is_new: the whole case. */
enum err contribution_note_import(struct desk *desk, int64_t session, bool is_new,
				  struct error *error) KYB_MUST_USE;
/* With the words of each (done); of all people, in any store. Within a transaction. */
enum err contribution_list(struct desk *desk, struct arena *arena, int64_t session, struct contribution_list *out,
			   struct error *error) KYB_MUST_USE;
/* The same, and the admins that installed the rules of the case if others are in force. */
enum err contribution_of_case(struct desk *desk, struct arena *arena, const struct session *session,
			      struct contribution_list *out, struct error *error) KYB_MUST_USE;
/* Whether this person contributed data or gave a material verdict; in a sandbox never. Within a transaction. */
enum err contribution_by(struct desk *desk, struct arena *arena, int64_t session, const char *actor, bool *any,
			 struct error *error) KYB_MUST_USE;
/* Sets the contributions of context->actor in the context of an actor that decides; in a sandbox none. Within a
 * transaction. */
enum err contribution_context(struct desk *desk, struct arena *arena, const struct case_file *file,
			      struct gate_context *context, struct error *error) KYB_MUST_USE;
/* In production: the first reviewer with a change or a verdict, beside imports and what was submitted; "" none. A
 * machine's approval of it would be the approval of that one person. */
enum err contribution_of_staff(struct desk *desk, struct arena *arena, const struct session *session,
			       const char **actor, struct error *error) KYB_MUST_USE;
/* Why the actor must not judge this part: "bo added it (…)"; "" no reason. */
enum err contribution_to(struct use *use, const char *kind, const char *id, const char **why,
			 struct error *error) KYB_MUST_USE;

#endif
