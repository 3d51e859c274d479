/* A program that loses blocks of a byte if it gets an argument; tests/unit/base/teardown_test.c runs it. It is linked as
 * the kybdesk that tests start, with sanitizer/leak_check.c. */
#include <stdlib.h>

static void *volatile kept;

int main(int count, char **words)
{
	(void)words;
	/* Several blocks: the address of the last one may still be in a register, which hides its leak. */
	for (int i = 0; i < 10; i++) {
		kept = malloc(1);
		if (count == 1)
			free(kept);
	}
	kept = NULL;
	return 0;
}
