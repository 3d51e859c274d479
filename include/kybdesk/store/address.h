/* The address of a store on a server. */
#ifndef KYBDESK_STORE_ADDRESS_H
#define KYBDESK_STORE_ADDRESS_H

#include <stdbool.h>

/* Whether the address contains a password, also one of a TLS key, in any form that libpq reads. False for a path, and for
 * an address that libpq does not read. */
bool store_address_has_password(const char *address);

#endif
