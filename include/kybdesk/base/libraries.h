/* Versions of the libraries in use, for bug reports. Each layer has a function for its own libraries. */
#ifndef KYBDESK_BASE_LIBRARIES_H
#define KYBDESK_BASE_LIBRARIES_H

#include "kybdesk/base/arena.h"

/* "OpenSSL 3.0.17, utf8proc 2.8.0, zlib 1.2.13". Opens zlib. */
const char *base_libraries(struct arena *arena);

#endif
