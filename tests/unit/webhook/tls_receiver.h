/*
 * A merchant's endpoint over TLS, with a certificate of the test's own certificate authority: valid, or invalid in one
 * way. It uses only OpenSSL, no code of kybdesk, and answers every request with 204.
 */
#ifndef KYB_TESTS_TLS_RECEIVER_H
#define KYB_TESTS_TLS_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>

struct tls_options {
	const char *names;    /* subjectAltName; NULL: IP:127.0.0.1 */
	bool self_signed;     /* no authority signed the certificate */
	bool expired, future; /* valid until yesterday; valid from tomorrow on */
	bool other_authority; /* signed by an authority unknown to the client */
	int newest;	      /* highest version, as TLS1_2_VERSION; 0: any */
};

struct tls_receiver;
/* Writes the authority's certificate to ca_path. */
struct tls_receiver *tls_receiver_start(const char *ca_path, const struct tls_options *options);
void tls_receiver_stop(struct tls_receiver *receiver);
unsigned tls_receiver_port(const struct tls_receiver *receiver);
size_t tls_receiver_handshakes(struct tls_receiver *receiver); /* number of completed handshakes */
size_t tls_receiver_bytes(struct tls_receiver *receiver);      /* number of bytes received over TLS */

#endif
