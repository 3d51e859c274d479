/* Verbs without a command of their name, and why. */
#ifndef KYB_TESTS_SUPPORT_WITHOUT_COMMAND_H
#define KYB_TESTS_SUPPORT_WITHOUT_COMMAND_H

/* clang-format off */
#define WITHOUT_COMMAND(X) \
	X(COMMAND_RUN, "starts a program of the reviewer's own, which a shell starts without the workbench") \
	X(DOCUMENT_OPEN, "is done in the workbench, which shows it; a command saves it") \
	X(PROCESS_DUE, "the system's: whoever looks at a case brings about what is due") \
	X(EXPIRE, "the system's, likewise") \
	X(REMIND, "the system's, likewise") \
	X(DOCUMENT_END, "the system's, likewise") \
	X(RESCHEDULE, "the system's, likewise") \
	X(ACCOUNT_OPEN, "a merchant's, by the API of Ralio") \
	X(TRANSFER, "a merchant's, by the API of Ralio") \
	X(PAYOUT, "a merchant's, by the API of Ralio") \
	X(CARRY, "a part of what a line of an import brings") \
	X(DOCUMENTS_APPLY, "a part of a line, likewise") \
	X(PARTIES_APPLY, "a part of a line, likewise")
/* clang-format on */

#endif
