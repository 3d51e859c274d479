/* Bodies at a client's own link (api.md "The client's page"). */
#include "shape.h"

static const struct shape items[] = {
	{ .name = "Asked",
	  .members =
		  "status:SessionStatus workflow:text expires_at:time|null document_type?:text name?:text "
		  "steps?:[AskedStep] corrections?:[Correction] parties?:[AskedParty] documents:[AskedDocument]" },
	{ .name = "AskedStep", .members = "step_id:text title:text status:StepStatus fields:object" },
	{ .name = "AskedDocument",
	  .members = "id:uuid type:text side:text back_status?:UploadState status:UploadState" },
	{ .name = "AskedParty",
	  .members = "id:uuid kind:PartyKind name:text roles:[PartyRole] status:AskedPartyState "
		     "access_link:uri|null" },
	{ .name = "AskedPartyState", .words = "none open handed_in" },
	{ .name = "StepFields", .members = "fields?:object done?:bool" },
	{ .name = "Upload", .members = "type?:text side?:Side file:bytes" },
	{ .name = "UploadText", .members = "document_type:text side?:Side content:text" },
	{ .name = "Words", .members = "words:text" },
	{ .name = "PartyDeclared", .members = "party:PartyNew" },
};
const struct shapes shapes_link = { items, sizeof items / sizeof *items };
