#include "kybdesk/base/seal.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>

#define TAG_SIZE 16

bool seal_apply(struct strbuf *out, const struct seal *seal, enum seal_mode way, const void *bytes, size_t length)
{
	bool closes = way == SEAL_ENCRYPT, right;
	int done = 0, rest = 0;

	if (length > INT_MAX || seal->aad_length > INT_MAX)
		BUG("%zu bytes are too many to seal at once", length);
	if (!closes && length < TAG_SIZE)
		return false;
	size_t plain = closes ? length : length - TAG_SIZE;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	uint8_t *result = xmalloc(plain + TAG_SIZE);
	const uint8_t *tag = (const uint8_t *)bytes + plain;

	if (!context || EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, seal->key, seal->nonce, closes) != 1 ||
	    EVP_CipherUpdate(context, NULL, &done, seal->aad, (int)seal->aad_length) != 1)
		fail_crypto();
	right = EVP_CipherUpdate(context, result, &done, bytes, (int)plain) == 1 &&
		(closes || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, (void *)(uintptr_t)tag) == 1) &&
		EVP_CipherFinal_ex(context, result + done, &rest) == 1 &&
		(!closes || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, result + plain) == 1);
	if (closes && !right)
		fail_crypto();
	if (right)
		strbuf_add(out, result, closes ? plain + TAG_SIZE : plain);
	secret_wipe(result, plain + TAG_SIZE);
	free(result);
	EVP_CIPHER_CTX_free(context);
	return right;
}
