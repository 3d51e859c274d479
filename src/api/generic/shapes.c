/* Bodies of the generic dialect (seed kyc-workflows-sessions; docs/api.md "Dialects"). */
#include "shape.h"
#include "kybdesk/domain/types.h"

static const struct shape items[] = {
	{ .name = "SessionStatus", .domain_words = session_status_words },
	{ .name = "ComplianceStatus", .domain_words = inbox_words },
	{ .name = "SessionKind", .domain_words = session_kind_words },
	{ .name = "SubjectKind", .domain_words = subject_kind_words },
	{ .name = "StepStatus", .domain_words = step_status_words },
	{ .name = "UploadState", .domain_words = upload_state_words },
	{ .name = "Side", .domain_words = side_words },
	{ .name = "CheckKind", .domain_words = check_kind_words },
	{ .name = "CheckStatus", .words = "completed pending running hit error timeout waived" },
	{ .name = "FinalDecision", .words = "approved rejected flagged manual_review" },
	{ .name = "ApprovalPart", .words = "first second" },
	{ .name = "SessionNew",
	  .members = "workflow_id:text external_id?:text kind?:SessionKind subject:SessionSubjectNew "
		     "custom_tags?:object metadata?:object expires_in_hours?:int" },
	{ .name = "SessionSubjectNew", .members = "kind:SubjectKind name:text country:text email?:text" },
	{ .name = "Session",
	  .members = "id:uuid workflow_id:text workflow_version?:int external_id:text|null version?:int "
		     "kind:SessionKind parent_id:uuid|null status:SessionStatus compliance_status:ComplianceStatus "
		     "custom_tags:object "
		     "metadata:object access_link:uri|null access_link_expires_at:time|null steps:[SessionStep] "
		     "documents:[SessionDocument] corrections:[Correction] subject:SessionSubject "
		     "risk_score:number|null final_decision:FinalDecision|null reason:text|null message:text|null "
		     "retryable:bool decided_at:time|null created_at:time submitted_at:time|null updated_at:time "
		     "approval?:Approval rules_note?:text contributors?:[Contributor]" },
	{ .name = "Approval", .members = "part:ApprovalPart first_by:text|null first_at:time|null" },
	{ .name = "Contributor", .members = "by:text what:text material:Material part:text|null session:uuid at:time" },
	{ .name = "Material", .words = "data verdict" },
	{ .name = "SessionStep", .members = "step_id:text status:StepStatus fields:object" },
	{ .name = "SessionDocument",
	  .members = "id:uuid type:text category:text side:text file_name:text size:int sha256:text|null "
		     "status:UploadState created_at:time|null sides?:[SessionDocumentSide]" },
	{ .name = "SessionDocumentSide",
	  .members = "side:Side file_name:text size:int sha256:text|null status:UploadState" },
	{ .name = "SessionSubject", .members = "uid:text kind:SubjectKind name:text country:text email:text|null" },
	{ .name = "SessionItem",
	  .members = "id:uuid workflow_id:text external_id:text|null kind:SessionKind status:SessionStatus "
		     "compliance_status:ComplianceStatus subject_name:text country:text risk_score:number|null "
		     "created_at:time submitted_at:time|null updated_at:time" },
	{ .name = "Sessions",
	  .members = "data:[SessionItem] page:int limit:int total:int next_cursor:text|null summary?:SessionSummary" },
	{ .name = "SessionSummary",
	  .members = "status_counts:counts(SessionStatus) inbox_counts:counts(ComplianceStatus) total:int "
		     "avg_risk_score:number|null sessions_with_risk_score:int validation_counts:counts(CheckKind)" },
	{ .name = "Deleted", .members = "id:text deleted:bool" },
	{ .name = "AccessLink", .members = "access_link:uri expires_at:time|null" },
	{ .name = "DocumentUrl", .members = "url:uri expires_at:time" },
	{ .name = "Extension", .members = "hours:int" },
	{ .name = "StatusChange",
	  .members = "status:SessionStatus version?:int reason?:text message?:text retryable?:bool note?:text "
		     "override?:text" },
	{ .name = "CorrectionsNew", .members = "corrections:[CorrectionNew] version?:int override?:text" },
	{ .name = "CorrectionNew",
	  .members = "step_id?:text message:text field_ids?:[text] document_types?:[text] "
		     "document_ids?:[text] party_id?:text" },
	{ .name = "Processing",
	  .members = "session_id:uuid status:SessionStatus processing_results:ProcessingResults|null message?:text" },
	{ .name = "ProcessingResults",
	  .members = "extraction_results:any cross_validation:any web_validation_results:any "
		     "face_match_result:FaceMatch|null external_validations:[Validation] "
		     "final_decision:FinalDecision|null" },
	{ .name = "FaceMatch", .members = "status:CheckStatus" },
	{ .name = "Validation", .members = "type:CheckKind status:CheckStatus" },
	{ .name = "Validated",
	  .members = "session_id:text valid:bool failures:[FieldFault] validations:[CheckKind] message?:text" },
	{ .name = "ResultsNew", .members = "results?:object checks?:[object]" },
	{ .name = "DeliveryState", .domain_words = delivery_state_words },
	{ .name = "Event", .members = "id:text type:text session_id:uuid|null created_at:time payload:object" },
	{ .name = "Events", .members = "data:[Event] next_cursor:text|null" },
	{ .name = "Delivery",
	  .members = "id:uuid endpoint_id:uuid|null url:uri|null state:DeliveryState explanation:text|null "
		     "created_at:time next_attempt_at:time|null finished_at:time|null attempts:[DeliveryAttempt]" },
	{ .name = "DeliveryAttempt",
	  .members = "number:int started_at:time duration_ms:int status:int|null failure:text|null "
		     "response:text|null" },
	{ .name = "Deliveries", .members = "data:[Delivery]" },
	{ .name = "Replayed", .members = "event_id:text deliveries:int" },
	{ .name = "EndpointReplay", .members = "since:time until?:time state?:ReplayState" },
	{ .name = "ReplayState", .words = "delivered dead unsent" },
	{ .name = "EndpointReplayed", .members = "events:int deliveries:int" },
	{ .name = "EndpointNew", .members = "url:uri events:[text]" },
	{ .name = "EndpointChange", .members = "url?:uri events?:[text] enabled?:bool" },
	{ .name = "Endpoint",
	  .members = "id:uuid url:uri events:[text] enabled:bool disabled_reason:text|null paused_until:time|null "
		     "previous_secret_until:time|null created_at:time" },
	{ .name = "EndpointWithSecret", .base = "Endpoint", .members = "secret:text" },
	{ .name = "Endpoints", .members = "data:[Endpoint]" },
	{ .name = "SecretRotation", .members = "overlap_hours?:int" },
	{ .name = "SubsessionNew", .members = "workflow_id?:text party:PartyNew" },
	{ .name = "Subsession", .base = "Session", .members = "party:SubsessionParty" },
	{ .name = "SubsessionParty",
	  .members = "id:uuid kind:PartyKind name:text roles:[PartyRole] country:text|null" },
	{ .name = "Subsessions", .members = "data:[Subsession] summary:SubsessionSummary" },
	{ .name = "SubsessionSummary", .members = "total:int completed:int approved:int" },
};
const struct shapes shapes_generic = { items, sizeof items / sizeof *items };
