/* Public keys of OpenSSH, one line as in id_ed25519.pub: "TYPE BASE64 [COMMENT]". The parser is strict, because
 * stored keys become lines of an authorized-keys list that sshd trusts. */
#ifndef KYBDESK_DOMAIN_SSH_KEY_H
#define KYBDESK_DOMAIN_SSH_KEY_H

#include "kybdesk/base/arena.h"

#include <stdint.h>

#define SSH_RSA_BITS_MIN 3072

struct ssh_key {
	const char *type;	 /* "ssh-ed25519" */
	const char *body;	 /* base64, canonical */
	const char *comment;	 /* "": none; without control characters */
	const char *fingerprint; /* "SHA256:…", as ssh-keygen -l prints it */
};

/* A key that gives a reviewer access to the store. */
struct access_key {
	int64_t row;
	const char *reviewer;
	struct ssh_key key;
	int64_t added_at;
	const char *added_by;
	bool disabled; /* the reviewer is disabled */
};

/* Reads a text with exactly one key; skips empty lines and lines that start with "#". Accepts ssh-ed25519, ssh-rsa
 * of at least SSH_RSA_BITS_MIN bits, ecdsa-sha2-nistp256, -384 and -521, and the sk- types of security keys; no
 * options before the type, and no certificates. The key's texts are in the arena. ERR_INVALID, field "key". */
enum err ssh_key_read(struct arena *arena, const char *text, size_t length, struct ssh_key *out, struct error *error);

#endif
