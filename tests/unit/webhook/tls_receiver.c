#include "tls_receiver.h"
#include "support/must.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DAY (24L * 3600)
struct tls_receiver {
	int listener;
	unsigned port;
	atomic_bool stopping;
	atomic_size_t handshakes, bytes;
	SSL_CTX *context;
	pthread_t thread;
};

struct identity {
	EVP_PKEY *key;
	X509 *certificate;
};

struct wanted {
	const char *name, *alternatives; /* alternatives: subjectAltName; NULL for an authority */
	long from_s, until_s;
	const struct identity *issuer; /* NULL: itself */
};

static void add_extension(X509 *certificate, int kind, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
	MUST(extension && X509_add_ext(certificate, extension, -1));
	X509_EXTENSION_free(extension);
}

static struct identity make(const struct wanted *wanted)
{
	static long serial;
	struct identity made = { EVP_EC_gen("P-256"), X509_new() };
	X509 *certificate = made.certificate;
	MUST(made.key && certificate && X509_set_version(certificate, 2));
	X509_NAME *name = X509_get_subject_name(certificate);
	MUST(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)wanted->name, -1, -1, 0));
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(certificate), wanted->from_s);
	X509_gmtime_adj(X509_getm_notAfter(certificate), wanted->until_s);
	MUST(X509_set_pubkey(certificate, made.key));
	const struct identity *issuer = wanted->issuer ? wanted->issuer : &made;
	MUST(X509_set_issuer_name(certificate, X509_get_subject_name(issuer->certificate)));
	add_extension(certificate, NID_basic_constraints, wanted->alternatives ? "CA:FALSE" : "critical,CA:TRUE");
	if (wanted->alternatives)
		add_extension(certificate, NID_subject_alt_name, wanted->alternatives);
	MUST(X509_sign(certificate, issuer->key, EVP_sha256()));
	return made;
}

static void forget(struct identity *identity)
{
	EVP_PKEY_free(identity->key);
	X509_free(identity->certificate);
}

static void write_certificate(const char *path, X509 *certificate)
{
	FILE *file = fopen(path, "w");
	MUST(file && PEM_write_X509(file, certificate) && fclose(file) == 0);
}

static void make_context(struct tls_receiver *receiver, const char *ca_path, const struct tls_options *options)
{
	struct identity ca = make(&(const struct wanted){ .name = "test authority", .until_s = 30 * DAY });
	struct identity other = make(&(const struct wanted){ .name = "somebody else", .until_s = 30 * DAY });
	const struct wanted wanted = { .name = "receiver",
				       .alternatives = options->names ? options->names : "IP:127.0.0.1",
				       .from_s = options->expired  ? -30 * DAY
						 : options->future ? DAY
								   : -DAY,
				       .until_s = options->expired ? -DAY : 30 * DAY,
				       .issuer = options->self_signed	    ? NULL
						 : options->other_authority ? &other
									    : &ca };
	struct identity leaf = make(&wanted);
	receiver->context = SSL_CTX_new(TLS_server_method());
	MUST(receiver->context);
	if (options->newest) {
		/* OpenSSL allows old protocols only at its lowest security level. */
		MUST(SSL_CTX_set_cipher_list(receiver->context, "ALL:@SECLEVEL=0"));
		MUST(SSL_CTX_set_min_proto_version(receiver->context, TLS1_VERSION));
		MUST(SSL_CTX_set_max_proto_version(receiver->context, options->newest));
	}
	MUST(SSL_CTX_use_certificate(receiver->context, leaf.certificate) == 1);
	MUST(SSL_CTX_use_PrivateKey(receiver->context, leaf.key) == 1);
	write_certificate(ca_path, ca.certificate);
	forget(&leaf);
	forget(&other);
	forget(&ca);
}

static void serve(struct tls_receiver *receiver, int fd)
{
	static const char answer[] = "HTTP/1.1 204 Thanks\r\n\r\n";
	const struct timeval patience = { .tv_sec = 10 };
	char block[4096];
	SSL *ssl = SSL_new(receiver->context);
	MUST(ssl && SSL_set_fd(ssl, fd));
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (SSL_accept(ssl) == 1) {
		size_t length = 0;
		int got;
		atomic_fetch_add(&receiver->handshakes, 1);
		while (length < sizeof block - 1 &&
		       (got = SSL_read(ssl, block + length, (int)(sizeof block - 1 - length))) > 0) {
			atomic_fetch_add(&receiver->bytes, (size_t)got);
			length += (size_t)got;
			block[length] = '\0';
			/* The body of a request is one JSON object, so it ends with a brace. */
			if (strstr(block, "\r\n\r\n") && block[length - 1] == '}') {
				(void)SSL_write(ssl, answer, (int)sizeof answer - 1);
				length = 0;
			}
		}
	}
	SSL_free(ssl);
	(void)close(fd);
}

static void *accept_all(void *argument)
{
	struct tls_receiver *receiver = argument;
	while (!atomic_load(&receiver->stopping)) {
		struct pollfd ready = { .fd = receiver->listener, .events = POLLIN };
		int fd = poll(&ready, 1, 50) > 0 ? accept4(receiver->listener, NULL, NULL, SOCK_CLOEXEC) : -1;
		if (fd >= 0)
			serve(receiver, fd);
	}
	return NULL;
}

struct tls_receiver *tls_receiver_start(const char *ca_path, const struct tls_options *options)
{
	struct tls_receiver *receiver = calloc(1, sizeof *receiver);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	MUST(receiver);
	(void)signal(SIGPIPE, SIG_IGN);
	make_context(receiver, ca_path, options);
	receiver->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	MUST(receiver->listener >= 0 && !bind(receiver->listener, (struct sockaddr *)&address, size) &&
	     !listen(receiver->listener, 16) && !getsockname(receiver->listener, (struct sockaddr *)&address, &size));
	receiver->port = ntohs(address.sin_port);
	MUST(pthread_create(&receiver->thread, NULL, accept_all, receiver) == 0);
	return receiver;
}

void tls_receiver_stop(struct tls_receiver *receiver)
{
	atomic_store(&receiver->stopping, true);
	(void)pthread_join(receiver->thread, NULL);
	(void)close(receiver->listener);
	SSL_CTX_free(receiver->context);
	free(receiver);
}

unsigned tls_receiver_port(const struct tls_receiver *receiver)
{
	return receiver->port;
}

size_t tls_receiver_handshakes(struct tls_receiver *receiver)
{
	return atomic_load(&receiver->handshakes);
}

size_t tls_receiver_bytes(struct tls_receiver *receiver)
{
	return atomic_load(&receiver->bytes);
}
