/* Peers that freeze: the reader of the output, the writer of the input, the holder of a lock. The program goes on, or a
 * signal ends it.
 * tests/waits.txt lists the tests of each wait. */
#include "expect.h"

#include <stdio.h>

TestSuite(frozen_peer, .init = box_set_up, .fini = box_tear_down, .timeout = 600);

/* FULL: descriptor 3 is a full pipe that nobody reads. ENDS_BY_TERM: SIGTERM ends the program $p once it handles the signal;
 * prints its status. A program that does not end lets the shell run into the limit of the test. */
#define FULL                                                                                                           \
	"set -e; mkfifo pipe; exec 3<>pipe; dd if=/dev/zero of=pipe bs=1024 count=64 oflag=nonblock 2>filled || :; "
#define ENDS_BY_TERM                                                                                                   \
	"until grep -q '^SigBlk:.*[1-9a-f]' /proc/$p/status; do kill -0 $p; sleep 0.1; done; sleep 1; "                \
	"kill $p; s=0; wait $p || s=$?; echo \"status $s\"; "

static void shell(const char *line)
{
	DONE_SHELL(test_text("cd '%s'; %s", box.folder, line));
}

Test(frozen_peer, an_import_whose_messages_nobody_reads_ends_by_a_signal)
{
	shell(FULL "for i in $(seq 3000); do echo '{\"external_ref\":\"R\",\"workflow\":\"none\"}'; done >bad.ndjson; "
		   "$K import bad.ndjson >said 2>&3 & p=$!; " ENDS_BY_TERM);
	PRINTS("status ");
	PRINTS_NOT("status 0");
	DONE("audit", "verify");
}

/* The input is a pipe, too: forwarding it must not keep the signal unread. */
Test(frozen_peer, an_import_from_a_pipe_whose_messages_nobody_reads_ends_by_a_signal)
{
	shell(FULL "for i in $(seq 9000); do echo '{\"external_ref\":\"R\",\"workflow\":\"none\"}'; done >bad.ndjson; "
		   "mkfifo input; cat bad.ndjson >input & $K import - <input >said 2>&3 & p=$!; " ENDS_BY_TERM);
	PRINTS("status ");
	PRINTS_NOT("status 0");
}

Test(frozen_peer, an_import_whose_input_nobody_writes_ends_by_a_signal)
{
	shell("mkfifo input; exec 4<>input; $K import - <&4 >said 2>&1 & p=$!; until test -d /proc/$p; do sleep 0.1; "
	      "done; "
	      "sleep 1; kill $p; wait $p || echo \"status $?\"");
	PRINTS("status ");
}

Test(frozen_peer, a_worker_whose_output_nobody_reads_ends_by_a_signal)
{
	DONE("merchant", "add", "shop");
	DONE("endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:9/x", "--event", "*");
	shell(FULL "$K webhook deliver >&3 2>&3 & p=$!; " ENDS_BY_TERM);
	PRINTS("status ");
}

/* The lines that nobody reads are lost, and the next one that is read says how many. */
Test(frozen_peer, a_server_whose_log_nobody_reads_answers_and_ends)
{
	static const char ask[] =
		"ask() { python3 -c \"import http.client, sys; c = http.client.HTTPConnection(sys.argv[1], "
		"timeout=300); "
		"c.request('GET', '/nothing'); print('answer', c.getresponse().status)\" $address; }; ";

	shell(test_text("%s%s", ask,
			FULL "$K serve --listen 127.0.0.1:0 --access-log >said 2>&3 & p=$!; "
			     "until grep -q http said; do kill -0 $p; sleep 0.1; done; "
			     "address=$(grep -o '127[0-9.]*:[0-9]*' said | head -n 1); for i in 1 2 3 4; do ask; done; "
			     "dd if=pipe of=read bs=4096 count=100 iflag=nonblock 2>filled || :; ask; "
			     "kill $p; s=0; wait $p || s=$?; echo \"status $s\"; "
			     "dd if=pipe of=read bs=4096 count=100 iflag=nonblock 2>filled || :; cat read"));
	PRINTS("answer 404\nanswer 404\nanswer 404\nanswer 404\nanswer 404\nstatus 0\n", "route=-",
	       "Nobody read the log: lines lost: ");
}

Test(frozen_peer, a_backup_does_not_wait_for_a_frozen_cleaner)
{
	shell("mkdir backups; sh -c 'flock 4; : >locked; kill -STOP $$' 4<backups >said & "
	      "until test -e locked; do sleep 0.1; done; exec 2>&1; $K backup backups --keep 2 || echo \"status $?\"; "
	      "kill -KILL $!; wait; $K backup backups --keep 2");
	PRINTS("Another process removes leftovers in backups; try again", "status 8");
	shell("ls backups");
	PRINTS("kybdesk-");
}

/* A program that has the port of an earlier `webhook listen`, and accepts no connection. */
Test(frozen_peer, a_listener_that_accepts_nothing_keeps_nobody)
{
	DONE("merchant", "add", "shop");
	shell("python3 -c \"\n"
	      "import socket, time\n"
	      "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(0)\n"
	      "c = [socket.socket() for i in range(3)]\n"
	      "for x in c: x.setblocking(False); x.connect_ex(s.getsockname())\n"
	      "print(s.getsockname()[1], flush=True); time.sleep(600)\" >port & holder=$!; "
	      "until test -s port; do sleep 0.1; done; "
	      "$K endpoint add --merchant shop --url http://127.0.0.1:$(cat port)/kybdesk-webhook-listen --event '*' "
	      ">added; "
	      "$K webhook listen --merchant shop --port 0 >said 2>&1 & p=$!; until grep -q Listening said; do kill -0 "
	      "$p || cat "
	      "said; "
	      "sleep 0.1; done; kill $p; wait $p || :; kill $holder; cat said");
}
