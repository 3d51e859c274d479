# shellcheck shell=sh
# Functions of the shell that the setups of tests/support/verb_rows.h call; K is the program. The tests of permissions at
# the command (matrix_test.c) and of the two engines (tests/stranger/engines.py) read it.
set -eu
k() { "$K" --quiet "$@" >out.txt 2>err.txt || { cat out.txt err.txt >&2; return 1; }; }
# first CASE LIST: the first id of the list in the JSON of `show`.
first() { "$K" --json show "$1" | sed -n "s/.*\"$2\":\[{\"id\":\"\([^\"]*\)\".*/\1/p"; }
# last TYPE: the id of the last document of this type in RAL-1.
last() { "$K" --json show RAL-1 | sed -n "s/.*{\"id\":\"\([^\"]*\)\",[^{}]*\"type\":\"$1\".*/\1/p"; }
checks=',"checks":[{"kind":"face_match","status":"passed"}]'
person() {
	printf '{"external_ref":"%s","workflow":"generic-kyc","kind":"kyc","merchant":"shop","status":"%s","subject":{"uid":"p-%s","kind":"individual","name":"%s","country":"PRT","date_of_birth":"1990-05-01"},"submitted_at":"2026-11-20T10:00:00Z","steps":[{"id":"identity","status":"completed"}]%s}\n' \
		"$1" "$2" "$1" 'Ana Sousa' "${3-$checks}" >person.ndjson
	k import person.ndjson
}
session() { k session open "$2" --merchant shop --subject-kind business --uid "biz-$1" --name 'Quay Ltd' --ref "$1" --for merchant; }
papers() {
	for type in MEMORANDUM_ARTICLES BUSINESS_NUMBER PROOF_OF_ADDRESS DIRECTORS_SHAREHOLDERS_REG; do
		k document add "$1" "$type" a.pdf --for client
	done
}
ask() { k corrections RAL-1 --step company_info --message 'Say it again.'; }
ana() { k party add RAL-1 --name 'Ana Sousa' --kind individual --role director --percent 10 --birth 1990-05-01 --country PRT; }
# sousa: a party that may be Ana Sousa.
sousa() { k party add RAL-1 --name 'SOUSA Ana' --kind individual --role shareholder --percent 10; }
hit() { person HIT-1 manual_review ',"checks":[{"kind":"watchlist","status":"hit","hits":[{"name":"Ana S.","list":"L","class":"'"$1"'","state":"open"}]}]'; }
changed() { sed 's/"risk_score":42/"risk_score":9/' cases.ndjson >changed.ndjson; }
# sql TEXT: changes the store without the program.
sql() {
	case $KYBDESK_STORE in
	postgresql:*) psql -XAtq -v ON_ERROR_STOP=1 "$KYBDESK_STORE" -c "$1" ;;
	*) sqlite3 "$KYBDESK_STORE" "$1" ;;
	esac
}
# account: a user of the sandbox with an account.
account() {
	k subject add --merchant shop --uid biz-MON-1 --kind individual --name 'Ana Mole' --country PT
	k session open ralio-sandbox --merchant shop --subject-kind individual --uid biz-MON-1 --name 'Ana Mole' --ref MON-1 --for merchant
	k approve MON-1 --grace 0
	sql "INSERT INTO account (uuid, subject_id, currency, created_at) SELECT '01a20f74-eb22-717e-9167-f486bcef7494', id, 'EUR', 1 FROM subject WHERE uid = 'biz-MON-1'"
}
# The cases that every row begins with, beside the company RAL-1.
base() {
	person KYC-1 manual_review
	session DRA-1 ralio-kyb
	session AVE-1 avenia-kyb-level-1
}
