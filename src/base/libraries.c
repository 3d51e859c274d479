#include "kybdesk/base/libraries.h"
#include "kybdesk/base/deflate.h"

#include <openssl/crypto.h>
#include <utf8proc.h>

const char *base_libraries(struct arena *arena)
{
	return arena_printf(arena, "OpenSSL %s, utf8proc %s, %s", OpenSSL_version(OPENSSL_VERSION_STRING),
			    utf8proc_version(), deflate_library(arena));
}
