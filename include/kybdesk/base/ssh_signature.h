/* Signatures of SSH keys (PROTOCOL.sshsig of OpenSSH), made and verified by ssh-keygen. The private key stays in
 * the agent at SSH_AUTH_SOCK, which a reviewer forwards with ssh -A. A public key is "TYPE BASE64". */
#ifndef KYBDESK_BASE_SSH_SIGNATURE_H
#define KYBDESK_BASE_SSH_SIGNATURE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define SSH_SIGN_WAIT_MS 60000 /* for the touch of a hardware key */
#define SSH_SIGNATURE_BEGIN "-----BEGIN SSH SIGNATURE-----\n"

/* Appends the armored signature of the text. `purpose` is the namespace of the signature, which excludes signatures
 * for other programs. Waits at most 60 s until the user touches a hardware key. ERR_INVALID with the reason: no
 * ssh-keygen, no agent, the agent does not have this key. */
enum err ssh_sign(const struct world *world, const char *public_key, const char *purpose, const char *text,
		  struct strbuf *out, struct error *error);
struct ssh_signature {
	const char *text, *purpose;
	const char *armored;
};
/* Verifies that this is a signature of the text by the key; otherwise ERR_INVALID. */
enum err ssh_signature_check(const struct ssh_signature *signature, const char *public_key, struct error *error);

#endif
