/* Bodies that belong to no single dialect. */
#include "shape.h"
#include "kybdesk/domain/types.h"

static const struct shape items[] = {
	{ .name = "Health", .members = "status:text" },
	{ .name = "PartyRole", .domain = party_role_words },
	{ .name = "PartyKind", .domain = party_kind_words },
	{ .name = "Correction",
	  .members = "id:uuid step_id:text field_ids:[text] document_types:[text] message:text "
		     "status:CorrectionState" },
	{ .name = "CorrectionState", .domain = correction_state_words },
	{ .name = "PartyNew",
	  .members = "kind:PartyKind name:text roles?:[PartyRole] control_role?:text ownership_percent?:text "
		     "country?:text date_of_birth?:date tax_id?:text registration_number?:text email?:text "
		     "phone?:text fields?:object" },
	{ .name = "Error", .members = "error:ErrorBody" },
	{ .name = "Problem",
	  .base = "Error",
	  .members = "type:text title:text status:int detail:text instance:text errors:[ProblemError]" },
	{ .name = "ProblemError", .members = "detail:text field:text pointer?:text parameter?:text header?:text" },
	{ .name = "ProblemKind", .members = "code:text title:text resolve:text" },
	{ .name = "ProblemKinds", .members = "data:[ProblemKind]" },
	{ .name = "ErrorBody", .members = "code:text message:text fields:[FieldFault] blockers:[Blocker]" },
	{ .name = "FieldFault", .members = "field:text message:text" },
	{ .name = "Blocker", .members = "code:text message:text ref:text" },
};
const struct shapes shapes_common = { items, sizeof items / sizeof *items };
