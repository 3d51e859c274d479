/* The version of the program, with its commit. */
#ifndef KYBDESK_BASE_VERSION_H
#define KYBDESK_BASE_VERSION_H

/* "0.1.0" for a release, "0.1.0+1926.g4a71be070" for another commit; src/tools/version.cmake says all forms. Where only the
 * release counts, and a text must not change with each commit, use the macro KYBDESK_RELEASE: "0.1.0". */
extern const char program_version[];

#endif
