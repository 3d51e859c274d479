/* The evidence of a case as one archive that can be verified without the store (docs/evidence.md): the case and the
 * sessions of its parties, each decision's evidence word for word, the documents or their hashes, the texts of the
 * rules, the audit records with their proofs against a checkpoint, and a page to read. The same store and the same
 * checkpoint give the same bytes. */
#ifndef KYBDESK_DESK_EVIDENCE_H
#define KYBDESK_DESK_EVIDENCE_H

#include "kybdesk/desk/checkpoint.h"

/* Signed decisions (base/ssh_signature.h): the setting of the store with its values, and the namespace of the
 * signatures. */
#define STORE_SETTING_SIGNED_DECISIONS "signed_decisions"
#define SIGNED_DECISIONS_REQUIRED "required"
#define SIGNED_DECISIONS_NO "no"
#define DECISION_SIGNATURE_PURPOSE "decision@kybdesk"

struct evidence_request {
	const char *session;
	const struct checkpoint_file *checkpoint; /* NULL: makes an unsigned checkpoint of the present log */
	const struct signed_note_key *key;	  /* signs the archive's member list; NULL: not signed */
	bool omit_documents;			  /* includes only the hashes of the documents */
};
struct evidence_result {
	const char *session, *sha256; /* sha256: of the archive */
	int64_t tree_size;	      /* records in the checkpoint's tree */
	size_t members, records, decisions, documents;
	size_t absent_count; /* documents that are included only by their hash */
};
/* Appends the archive to `out`. The archive contains unmasked personal data, so only a lead may export it; the
 * audit log records the export with the hash of the archive. Nothing is appended on failure. ERR_STORE: the audit
 * log or a text was changed. */
enum err desk_evidence(struct desk *desk, struct arena *arena, const struct evidence_request *request,
		       struct strbuf *out, struct evidence_result *made, struct error *error);

struct evidence_input {
	const char *bytes;
	size_t length;
	const struct checkpoint_file *checkpoint; /* compared with the archive's checkpoint; NULL: none */
	const struct signed_note_key *keys;	  /* no keys: signatures are not checked */
	size_t key_count;
	/* permitted signers of decisions as "NAME OPTIONS KEY" lines for ssh-keygen; NULL: the signers in the
	 * archive */
	const char *signers;
	/* values to verify, each "RECORD:PATH=VALUE": the audit record must have the sealed hash of this value */
	const char *const *values;
	size_t value_count;
};
struct evidence_verdict {
	const char *session, *origin;
	const char *signed_by;	       /* the key that signed the archive's member list; NULL: no key was given */
	const char *checkpoint_signer; /* the key that signed the checkpoint; NULL: no key was given */
	bool is_signed;		       /* the archive's member list has a signature */
	bool is_checkpoint_signed;     /* the checkpoint has a signature */
	int64_t tree_size;	       /* records in the checkpoint's tree */
	size_t members, records, decisions, signed_decisions, documents;
	size_t matched_value_count;    /* values in the archive that match their sealed hashes in audit records */
	const char **sealed_sentences; /* results for input->values, a sentence each */
	size_t sealed_sentence_count;
	size_t absent_count; /* documents and texts of rules that are included only by their hash */
};
/* Verifies an archive; needs no store. ERR_STORE: the archive was changed; the message names the member and the
 * reason. */
enum err evidence_verify(struct arena *arena, const struct evidence_input *input, struct evidence_verdict *out,
			 struct error *error);

#endif
