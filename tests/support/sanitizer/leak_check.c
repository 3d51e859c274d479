/*
 * Linked into the kybdesk that the tests start. The leak check at its end needs a fifth of the time of a short command,
 * because it reads all memory of the process. If no block is allocated none can be lost, so it is left out.
 */
#include <stdlib.h>
#include <sys/single_threaded.h>

size_t __sanitizer_get_current_allocated_bytes(void); /* but 1 if there are none */
void __libc_freeres(void);			      /* frees what the C library keeps: locale, users */
int __lsan_is_turned_off(void);

/* Called once, after all functions that run at the end. Other threads may still use the C library's memory. */
int __lsan_is_turned_off(void)
{
	enum { OWN_SIZE = 64 };
	size_t allocated;

	if (!__libc_single_threaded)
		return 0;
	__libc_freeres();
	/* A block of its own tells none from one byte. */
	void *volatile own = malloc(OWN_SIZE);
	allocated = __sanitizer_get_current_allocated_bytes();
	free(own);
	return own && allocated == OWN_SIZE;
}
