/* Bodies at a client's own link (docs/api.md "The client's page"). */
#include "shape.h"
#include "kybdesk/domain/profile.h"

static const struct shape items[] = {
	{ .name = "Asked",
	  .members = "status:SessionStatus workflow:text expires_at:time|null document_type?:text name?:text "
		     "message?:text retryable?:bool steps?:[AskedStep] corrections?:[Correction] "
		     "parties?:[AskedParty] party?:AskedPartySchema document_types:[AskedDocumentType] "
		     "document_groups?:[AskedDocumentGroup] documents:[AskedDocument]" },
	{ .name = "AskedStep",
	  .members = "step_id:text title:text status:StepStatus fields:object asked:[AskedField]" },
	{ .name = "AskedField",
	  .members = "id:text title:text type:FieldType required:bool rules:[AskedRule] fields?:[AskedField]" },
	{ .name = "FieldType", .domain_words = field_type_words },
	{ .name = "AskedRule",
	  .members = "rule:RuleKind allowed:text message:text when:text conditions:[AskedCondition] "
		     "choices?:[text] min?:int max?:int least?:text most?:text characters?:[AskedCharacters] "
		     "others?:text letter_first?:bool pattern?:text forms?:[AskedCountryForm] past?:bool "
		     "scheme?:CheckScheme of?:text" },
	{ .name = "AskedCondition", .members = "field:text condition:ConditionKind values:[text]" },
	{ .name = "ConditionKind", .domain_words = condition_kind_words },
	{ .name = "AskedCharacters", .words = "letters digits spaces" },
	{ .name = "AskedCountryForm", .words = "alpha2 alpha3 name" },
	{ .name = "CheckScheme", .domain_words = check_scheme_words },
	{ .name = "AskedPartySchema",
	  .members = "required:bool control_role_required:bool max?:int roles:[PartyRole] control_roles:[text] "
		     "fields_for:[PartyKind] members:[AskedField] fields:[AskedField]" },
	{ .name = "RuleKind", .domain_words = rule_kind_words },
	{ .name = "AskedDocumentType",
	  .members = "type:text title:text step_id:text required:bool double_sided:bool formats:[FileFormat] "
		     "max_bytes:int" },
	{ .name = "AskedDocumentGroup", .members = "id:text title:text any_of:[text] missing:bool" },
	{ .name = "FileFormat", .domain_words = file_format_words },
	{ .name = "AskedDocument",
	  .members = "id:uuid type:text side:text back_status?:UploadState status:UploadState" },
	{ .name = "AskedParty",
	  .members = "id:uuid kind:PartyKind name:text roles:[PartyRole] status:AskedPartyState "
		     "access_link:uri|null" },
	{ .name = "AskedPartyState", .words = "none open handed_in" },
	{ .name = "StepFields", .members = "fields?:object done?:bool" },
	{ .name = "Upload", .members = "type?:text side?:Side document?:uuid file:bytes" },
	{ .name = "UploadText", .members = "document_type:text side?:Side document?:uuid content:text" },
	{ .name = "Words", .members = "words:text" },
	{ .name = "PartyDeclared", .members = "party:PartyNew" },
};
const struct shapes shapes_link = { items, sizeof items / sizeof *items };
