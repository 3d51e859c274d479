#include "kybdesk/base/seal.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>

#define TAG_SIZE 16

static EVP_CIPHER_CTX *begin_cipher(const struct seal *seal, bool closes, size_t length)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int done;

	if (length > INT_MAX || seal->bound_length > INT_MAX)
		BUG("%zu bytes are too many to seal at once", length);
	if (!context || EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, seal->key, seal->nonce, closes) != 1 ||
	    EVP_CipherUpdate(context, NULL, &done, seal->bound, (int)seal->bound_length) != 1)
		crypto_failed();
	return context;
}

void seal_encrypt(struct strbuf *out, const struct seal *seal, const void *bytes, size_t length)
{
	EVP_CIPHER_CTX *context = begin_cipher(seal, true, length);
	uint8_t *sealed = xmalloc(length + TAG_SIZE);
	int done = 0, rest = 0;

	if (EVP_CipherUpdate(context, sealed, &done, bytes, (int)length) != 1 ||
	    EVP_CipherFinal_ex(context, sealed + done, &rest) != 1 ||
	    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, sealed + length) != 1)
		crypto_failed();
	strbuf_add(out, sealed, length + TAG_SIZE);
	free(sealed);
	EVP_CIPHER_CTX_free(context);
}

bool seal_decrypt(struct strbuf *out, const struct seal *seal, const void *sealed, size_t length)
{
	const uint8_t *from = sealed;
	EVP_CIPHER_CTX *context;
	uint8_t *bytes;
	int done = 0, rest = 0;
	bool right;

	if (length < TAG_SIZE)
		return false;
	length -= TAG_SIZE;
	context = begin_cipher(seal, false, length);
	bytes = xmalloc(length + 1);
	right = EVP_CipherUpdate(context, bytes, &done, from, (int)length) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, (void *)(uintptr_t)(from + length)) ==
			1 &&
		EVP_CipherFinal_ex(context, bytes + done, &rest) == 1;
	if (right)
		strbuf_add(out, bytes, length);
	secret_wipe(bytes, length + 1);
	free(bytes);
	EVP_CIPHER_CTX_free(context);
	return right;
}
