#include "matrix_rows.h"

#define LONG "'said in more than ten characters'"
#define A_KEY                                                                                                      \
	"echo ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIz2Qfvyf2rSIbijgWQVt/k++XLE245xjYV6rqNlp9FX ana@desk >key.pub"
#define AN_ENDPOINT "k endpoint add --merchant shop --url https://hooks.example/k --event '*'"
#define ALONE "is supervised and cannot decide alone"

const char matrix_prelude[] =
	"set -eu\n"
	"k() { \"$K\" --quiet \"$@\" >out.txt 2>err.txt || { cat out.txt err.txt >&2; return 1; }; }\n"
	/* The first id in a list of what `show` prints. */
	"first() { \"$K\" --json show \"$1\" | sed -n "
	"\"s/.*\\\"$2\\\":\\[{\\\"id\\\":\\\"\\([^\\\"]*\\)\\\".*/\\1/p\"; }\n"
	"checks=',\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}]'\n"
	"person() { printf "
	"'{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"%s\",\"subject\":{\"uid\":\"p-%s\",\"kind\":\"individual\",\"name\":\"%s\",\"country\":"
	"\"PRT\",\"date_of_birth\":\"1990-05-01\"},\"submitted_at\":\"2026-11-20T10:00:00Z\",\"steps\":[{\"id\":"
	"\"identity\","
	"\"status\":\"completed\"}]%s}\\n' \"$1\" \"$2\" \"$1\" 'Ana Sousa' \"${3-$checks}\" >person.ndjson\n"
	"k import person.ndjson; }\n"
	"session() { k session open \"$2\" --merchant shop --subject-kind business --uid \"biz-$1\" --name 'Quay "
	"Ltd' --ref \"$1\" --for merchant; }\n"
	"papers() { for type in MEMORANDUM_ARTICLES BUSINESS_NUMBER PROOF_OF_ADDRESS DIRECTORS_SHAREHOLDERS_REG; "
	"do\n"
	"k document add \"$1\" \"$type\" a.pdf --for client; done; }\n"
	"ask() { k corrections RAL-1 --step company_info --message 'Say it again.'; }\n"
	"ana() { k party add RAL-1 --name 'Ana Sousa' --kind individual --role director --percent 10 --birth "
	"1990-05-01 --country PRT; }\n"
	"hit() { person HIT-1 manual_review "
	"',\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":"
	"\"Ana S.\",\"list\":\"L\",\"class\":\"'\"$1\"'\",\"state\":\"open\"}]}]'; }\n"
	"changed() { sed 's/\"risk_score\":42/\"risk_score\":9/' cases.ndjson >changed.ndjson; }\n";

const char matrix_base[] = "person KYC-1 manual_review\n"
			   "session DRA-1 ralio-kyb\n"
			   "session AVE-1 avenia-kyb-level-1\n";

#define HIT "SELECT uuid FROM hit"
#define CORRECTION "SELECT uuid FROM correction"
#define REPORTED "k suspicion open RAL-1 --reason " LONG
#define OVERDUE "person OLD-1 expired ',\"expires_at\":\"2015-11-20T11:00:00Z\"'"
#define ASKED "ask"
#define ANSWERED "ask; k correction answer RAL-1 \"$(first RAL-1 corrections)\" --words 'That is it.'"
#define STARTED "k session start DRA-1 --for client; papers DRA-1"
#define VERIFIED                                                                                                   \
	"k subject add --merchant shop --uid biz-MON-1 --kind individual --name 'Ana Mole' --country PT; "         \
	"k session open ralio-sandbox --merchant shop --subject-kind individual --uid biz-MON-1 --name 'Ana "      \
	"Mole' "                                                                                                   \
	"--ref MON-1 --for merchant; k approve MON-1 --grace 0"
#define WITH_ACCOUNT                                                                                               \
	VERIFIED "; sqlite3 \"$KYBDESK_STORE\" \"INSERT INTO account (uuid, subject_id, currency, created_at) "    \
		 "SELECT '01a20f74-eb22-717e-9167-f486bcef7494', id, 'EUR', 1 FROM subject WHERE uid = "           \
		 "'biz-MON-1'\""
#define WITH_ORDER                                                                                                 \
	WITH_ACCOUNT "; k sandbox fund \"$(\"$K\" --json sandbox account list | sed -n "                           \
		     "'s/.*\"id\":\"\\([^\"]*\\)\",\"merchant.*/\\1/p')\" 5 --hold"
#define RENAMED                                                                                                    \
	"k document add AVE-1 CERTIFICATE-OF-INCORPORATION a.pdf --for client; "                                   \
	"k document accept AVE-1 CERTIFICATE-OF-INCORPORATION; "                                                   \
	"k step edit AVE-1 company --field 'companyLegalName=QUAY AND SONS LTD' --reason " LONG
#define REJECTED                                                                                                   \
	"for type in CERTIFICATE-OF-INCORPORATION COMPANY-TAX-IDENTIFICATION-DOCUMENT; do k document add AVE-1 "   \
	"$type a.pdf --for client; done; k session submit AVE-1; "                                                 \
	"k reject AVE-1 --reason data_mismatch --retryable --grace 0"

#define ROW(NAME, command_, ...)                                                                                   \
	{                                                                                                          \
		.verb = VERB_##NAME, .command = command_, __VA_ARGS__                                              \
	}
/* clang-format off */
const struct matrix_row matrix_rows[] = {
	/* deciding */
	ROW(APPROVE, "approve KYC-1", .supervised_word = FIRST_APPROVAL_WORD),
	ROW(REJECT, "reject KYC-1 --reason other", .supervised_word = FIRST_REJECTION_WORD),
	ROW(CORRECTIONS, "corrections RAL-1 --step company_info --message 'Say it again.'", .alone = ALONE),
	ROW(WITHDRAW, "corrections RAL-1 --withdraw", .before = ASKED),
	ROW(CORRECTION_ACCEPT, "corrections RAL-1 --accept \"$ID\"", .before = ANSWERED "; k correction hand-in RAL-1",
	    .id = CORRECTION),
	ROW(REOPEN, "reopen KYC-1 --reason " LONG, .before = "k approve KYC-1"),
	ROW(UNDO, "undo KYC-1", .before = "k approve KYC-1 --as \"$WHO\"", .own = true,
	    .supervised_word = FIRST_UNDO_WORD),
	ROW(REACTIVATE, "reactivate EXP-1 --extend 3", .before = "person EXP-1 expired"),
	ROW(REACTIVATE, "reactivate --filter status:expired", .before = "person EXP-1 expired"),
	ROW(ESCALATE, "escalate COM-1", .before = "person COM-1 completed"),
	ROW(PROCESS, "process COM-1", .before = "person COM-1 completed"),
	/* claims */
	ROW(CLAIM, "claim RAL-1"),
	ROW(NEXT, "next"),
	ROW(ASSIGN, "claim RAL-1 --take-over", .before = "k claim RAL-1"),
	ROW(RELEASE, "release RAL-1", .before = "k claim RAL-1 --as \"$WHO\"", .own = true),
	ROW(ASSIGN, "assign RAL-1 a-reviewer"),
	ROW(ASSIGN, "assign --filter merchant:shop a-reviewer"),
	ROW(REFER, "refer RAL-1 --to lead --reason " LONG),
	ROW(SNOOZE, "snooze RAL-1 --until 2d --reason " LONG),
	ROW(SNOOZE, "snooze --filter merchant:shop --until 2d --reason " LONG),
	ROW(WAKE, "snooze RAL-1 --end", .before = "k snooze RAL-1 --until 2d --reason " LONG),
	/* looking, on record */
	ROW(REVEAL, "show RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true),
	ROW(REVEAL, "duplicate list RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true),
	ROW(REVEAL, "export RAL-1 --bods --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true),
	ROW(REVEAL, "webhook show \"$ID\" --reveal", .before = ASKED "; k claim RAL-1 --as \"$WHO\"",
	    .id = "SELECT uuid FROM outbox_event", .own = true),
	ROW(DOCUMENT_SAVE, "document save RAL-1 PROOF_OF_ADDRESS -o -"),
	ROW(EVIDENCE_EXPORT, "evidence RAL-1 -o -"),
	ROW(NOTE, "note RAL-1 'A note.'"),
	ROW(NOTE_PIN, "note pin RAL-1 1", .before = "k note RAL-1 'A note.' --as \"$WHO\"", .own = true),
	ROW(NOTE_READ, "note read RAL-1", .before = "k note RAL-1 \"@$WHO: look at it\"", .own = true),
	/* reviewing */
	ROW(DOCUMENT_ACCEPT, "document accept RAL-1 BUSINESS_NUMBER"),
	ROW(DOCUMENT_REJECT, "document reject RAL-1 BUSINESS_NUMBER --reason blurry"),
	ROW(DOCUMENT_ADD, "document add RAL-1 BUSINESS_NUMBER a.pdf",
	    .before = "k document reject RAL-1 BUSINESS_NUMBER --reason blurry"),
	ROW(DOCUMENT_ADD, "document add DRA-1 BUSINESS_NUMBER a.pdf", .places = FOR_OWNERS),
	ROW(DOCUMENT_RECORD, "document add AVE-1 CERTIFICATE-OF-INCORPORATION"),
	ROW(DOCUMENT_RECORD, "document add AVE-1 CERTIFICATE-OF-INCORPORATION", .places = FOR_OWNERS),
	ROW(DOCUMENT_DELETE, "document delete DRA-1 BUSINESS_NUMBER", .places = FOR_OWNERS,
	    .before = "k document add DRA-1 BUSINESS_NUMBER a.pdf --for client"),
	ROW(STEP_EDIT, "step edit RAL-1 company_info --field business_activity=Crabs --reason " LONG),
	ROW(HIT_RESOLVE, "check resolve HIT-1 \"$ID\" --as-false-positive --reason different_birth_date",
	    .before = "hit pep", .id = HIT),
	ROW(HIT_ACCEPT, "check accept HIT-1 \"$ID\" --reason " LONG, .id = HIT,
	    .before = "hit pep; k check resolve HIT-1 \"$(first HIT-1 hits)\" --as-match --reason same_person"),
	ROW(CHECK_WAIVE, "check waive CRY-1 crypto --reason " LONG,
	    .before = "person CRY-1 manual_review ',\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"}]'"),
	ROW(CONFIRM, "confirm AVE-1 --all", .before = RENAMED),
	ROW(VALIDATE, "validate RAL-1"),
	ROW(VALIDATE, "validate --filter merchant:shop"),
	ROW(DUPLICATE_DISMISS, "duplicate dismiss RAL-1 RAL-2 --reason " LONG,
	    .before = "sed 's/RAL-1/RAL-2/g' cases.ndjson >twin.ndjson; k import twin.ndjson"),
	ROW(DUPLICATE_LINK, "duplicate link RAL-1 RAL-2 --reason " LONG,
	    .before = "sed 's/RAL-1/RAL-2/g' cases.ndjson >twin.ndjson; k import twin.ndjson"),
	ROW(REVIEW_UNDO, "undo RAL-1 --document BUSINESS_NUMBER", .own = true,
	    .before = "k document accept RAL-1 BUSINESS_NUMBER --as \"$WHO\""),
	ROW(SUSPICION_OPEN, "suspicion open RAL-1 --reason " LONG, .unrecorded = true),
	ROW(SUSPICION_NOTE, "suspicion note RAL-1 'A note.'", .unrecorded = true,
	    .before = REPORTED "; k suspicion access RAL-1 --add a-reviewer; k suspicion access RAL-1 --add a-pupil"),
	ROW(SUSPICION_ACCESS, "suspicion access RAL-1 --add a-viewer", .unrecorded = true, .before = REPORTED),
	ROW(SUSPICION_CLOSE, "suspicion close RAL-1 --not-filed --reason " LONG, .unrecorded = true, .before = REPORTED),
	ROW(LEGAL_HOLD_SET, "hold set RAL-1 --reason " LONG),
	ROW(LEGAL_HOLD_RELEASE, "hold release RAL-1 --reason " LONG, .before = "k hold set RAL-1 --reason " LONG),
	ROW(LINK, "link RAL-1"),
	ROW(LINK, "link --filter merchant:shop --extend 3"),
	ROW(LINK, "subsession link RAL-1 'Ines Duarte'"),
	ROW(LINK, "subsession extend RAL-1 'Ines Duarte' --days 2", .before = "k subsession link RAL-1 'Ines Duarte'", .word = "link.extend"),
	ROW(LINK_SHOW, "link RAL-1 --show", .before = "k link RAL-1"),
	ROW(DELETE, "delete DRA-1"),
	/* bringing a case */
	ROW(SESSION_OPEN, "session open ralio-kyb --merchant shop --subject-kind business --uid biz-9 --name 'Mole Ltd' --ref NEW-1",
	    .places = FOR_OWNERS),
	ROW(START, "session start DRA-1", .places = FOR_OWNERS),
	ROW(STEP_SAVE, "step save AVE-1 company --field businessActivityDescription=Fish", .places = FOR_OWNERS),
	ROW(COMPLETE, "session complete DRA-1", .places = FOR_OWNERS, .before = STARTED),
	ROW(SUBMIT, "session submit DRA-1", .places = FOR_OWNERS, .before = STARTED),
	ROW(ANSWER, "correction answer RAL-1 \"$ID\" --words 'That is it.'", .places = FOR_OWNERS, .before = ASKED,
	    .id = CORRECTION),
	ROW(HAND_IN, "correction hand-in RAL-1", .places = FOR_OWNERS, .before = ANSWERED),
	ROW(RESUBMIT, "session resubmit AVE-1", .places = FOR_OWNERS, .before = REJECTED),
	ROW(EXTEND, "session extend DRA-1 --days 3", .places = FOR_OWNERS),
	ROW(HIDE, "session hide DRA-1", .places = FOR_OWNERS),
	ROW(CHECK_REPORT, "check report RAL-1 watchlist --status passed", .places = FOR_REPORTERS),
	ROW(RESULTS_REPORT, "results RAL-1 results.json", .places = FOR_REPORTERS,
	    .before = "printf '{\"final_decision\":\"flagged\"}' >results.json"),
	ROW(SESSION_APPLY, "import changed.ndjson", .before = "changed"),
	/* parties */
	ROW(PARTY_ADD, "party add RAL-1 --name 'Ana Sousa' --kind individual --role director"),
	ROW(PARTY_ADD, "party add AVE-1 --name 'Ana Sousa' --kind individual --role director", .places = FOR_OWNERS),
	ROW(PARTY_EDIT, "party edit RAL-1 'Ana Sousa' --control-role CFO", .before = "ana"),
	ROW(PARTY_EDIT, "party edit AVE-1 'Ana Sousa' --control-role CFO", .places = FOR_OWNERS,
	    .before = "k party add AVE-1 --name 'Ana Sousa' --kind individual --role director --for client"),
	ROW(PARTY_OWN, "party own RAL-1 'Ana Sousa' --of subject --percent 12", .before = "ana"),
	ROW(PARTY_REMOVE, "party remove RAL-1 'Ana Sousa' --reason " LONG, .before = "ana"),
	ROW(PARTY_REMOVE, "party remove AVE-1 'Ana Sousa'", .places = FOR_OWNERS,
	    .before = "k party add AVE-1 --name 'Ana Sousa' --kind individual --role director --for client"),
	ROW(PARTY_COPY, "party copy RAL-1 --from KYC-1 --role director --percent 10",
	    .before = "k approve KYC-1 --grace 0"),
	ROW(PARTY_VERIFY, "party verify RAL-1 'Ana Sousa' --elsewhere --reason " LONG, .before = "ana"),
	ROW(PARTY_UNVERIFY, "party verify RAL-1 'Ana Sousa' --withdraw",
	    .before = "ana; k party verify RAL-1 'Ana Sousa' --elsewhere --reason " LONG),
	ROW(PARTY_GAP, "party gap RAL-1 --reason listed", .before = "k party edit RAL-1 'Ines Duarte' --percent 20"),
	ROW(SUBSESSION_ADD, "subsession add RAL-1 'Ana Sousa'", .before = "ana; k subsession remove RAL-1 'Ana Sousa'"),
	ROW(SUBSESSION_REMOVE, "subsession remove RAL-1 'Ana Sousa'", .before = "ana"),
	/* subjects and alerts */
	ROW(SUBJECT_ADD, "subject add --merchant shop --uid biz-8 --kind business --name 'Mole Ltd'"),
	ROW(SUBJECT_EDIT, "subject edit biz-DRA-1 --country GB"),
	ROW(SUBJECT_DELETE, "subject delete biz-8",
	    .before = "k subject add --merchant shop --uid biz-8 --kind business --name 'Mole Ltd'"),
	ROW(SUBJECT_EXPORT, "subject export 'Ines Duarte' -o -"),
	ROW(PAYIN, "sandbox fund \"$ID\" 250.10", .before = WITH_ACCOUNT, .id = "SELECT uuid FROM account"),
	ROW(ORDER_COMPLETE, "sandbox order complete \"$ID\"", .before = WITH_ORDER, .id = "SELECT uuid FROM money_order"),
	ROW(ORDER_FAIL, "sandbox order fail \"$ID\"", .before = WITH_ORDER, .id = "SELECT uuid FROM money_order"),
	ROW(ORDER_CANCEL, "sandbox order cancel \"$ID\"", .before = WITH_ORDER, .id = "SELECT uuid FROM money_order"),
	ROW(SUBJECT_REVEAL, "subject show biz-RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true),
	ROW(ALERT_CLOSE, "alert close KYC-1 --reason " LONG,
	    .before = "k approve KYC-1 --grace 0; printf '[{\"name\":\"Ana S.\",\"list\":\"L\",\"class\":\"sanctions\"}]' "
		      ">hits.json; k check report KYC-1 watchlist --status hit --hits hits.json --for provider"),
	/* administration */
	ROW(REVIEWER_ADD, "reviewer add zoe --role viewer"),
	ROW(REVIEWER_ROLE, "reviewer role zoe reviewer", .before = "k reviewer add zoe --role viewer"),
	ROW(REVIEWER_DISABLE, "reviewer disable zoe", .before = "k reviewer add zoe --role viewer"),
	ROW(REVIEWER_KEY, "reviewer key zoe", .before = "k reviewer add zoe --role viewer"),
	ROW(REVIEWER_KEY_REVOKE, "reviewer key zoe --revoke",
	    .before = "k reviewer add zoe --role viewer; k reviewer key zoe"),
	ROW(ACCESS_ADD, "access add zoe key.pub",
	    .before = "k reviewer add zoe --role viewer; " A_KEY),
	ROW(ACCESS_REMOVE, "access remove zoe",
	    .before = "k reviewer add zoe --role viewer; " A_KEY "; k access add zoe key.pub"),
	ROW(TEMPLATE_SET, "template set reminder 'Please send {document}.'"),
	ROW(TEMPLATE_REMOVE, "template remove reminder", .before = "k template set reminder 'Please send it.'"),
	ROW(MERCHANT_ADD, "merchant add pier"),
	ROW(MERCHANT_KEY, "merchant key shop"),
	ROW(MERCHANT_KEY, "merchant key add shop --name web"),
	ROW(MERCHANT_KEY_ROTATE, "merchant key rotate shop default", .before = "k merchant key shop"),
	ROW(MERCHANT_KEY_REVOKE, "merchant key revoke shop default", .before = "k merchant key shop"),
	ROW(PROVIDER_KEY, "merchant key add shop --provider watchlist --name watchman"),
	ROW(PROVIDER_KEY, "merchant key shop --provider watchlist --name watchman"),
	ROW(PROVIDER_KEY_REVOKE, "merchant key shop --name watchman --revoke",
	    .before = "k merchant key shop --provider watchlist --name watchman"),
	ROW(ENDPOINT_ADD, "endpoint add --merchant shop --url https://hooks.example/k --event '*'"),
	ROW(ENDPOINT_DISABLE, "endpoint disable \"$ID\"", .id = "SELECT uuid FROM endpoint",
	    .before = AN_ENDPOINT),
	ROW(ENDPOINT_EDIT, "endpoint edit \"$ID\" --per-minute 60", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT),
	ROW(ENDPOINT_ROTATE, "endpoint rotate \"$ID\"", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT),
	ROW(ENDPOINT_ENABLE, "endpoint enable \"$ID\"", .id = "SELECT uuid FROM endpoint",
	    .before = AN_ENDPOINT "; k endpoint disable https://hooks.example/k"),
	ROW(ENDPOINT_REMOVE, "endpoint remove \"$ID\"", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT),
	ROW(ENDPOINT_TEST, "endpoint test \"$ID\" --queue", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT),
	ROW(ENDPOINT_ADD, "webhook listen --merchant shop --port 0 --count 0"),
	ROW(ENDPOINT_REMOVE, "webhook listen --merchant shop --port 0 --count 0"),
	ROW(WEBHOOK_REPLAY, "webhook replay --state dead"),
	ROW(STORE_SET, "store set public_url https://verify.example"),
	ROW(STORE_REBUILD_SEARCH, "store rebuild-search"),
	ROW(STORE_COPY, "backup \"kept-$WHO.db\""),
	ROW(STORE_COPY, "restore base.db --store \"back-$WHO-$$.db\"", .before = "k backup base.db", .elsewhere = true),
	ROW(PURGE, "purge", .before = OVERDUE),
	ROW(PURGE_STEP, "purge", .before = OVERDUE),
	ROW(STORE_MOVE, "store move \"gone-$WHO-$$.db\""),
	ROW(STORE_COPY, "copy --from \"$KYBDESK_STORE\" --to \"moved-$WHO.db\""),
	ROW(WORKFLOW_INSTALL, "workflow install ./ralio-kyb.json",
	    .before = "sed 's/\"version\": 1/\"version\": 77/' \"$SOURCE/data/workflows/ralio-kyb.json\" >ralio-kyb.json"),
	ROW(REASONS_INSTALL, "reasons install ./session.json",
	    .before = "sed '1s/\\[/[{\"code\":\"own\",\"label\":\"Own\",\"message\":\"M\"},/' "
		      "\"$SOURCE/data/reasons/session.json\" >session.json"),
};
/* clang-format on */
const size_t matrix_row_count = sizeof matrix_rows / sizeof *matrix_rows;
