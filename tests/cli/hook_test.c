/* hook run: an operator's programs on events, with programs that behave badly. */
#include "expect.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* HOOK runs `hook run` until the shell ends (its output in said, warnings in faults); SEND delivers the events. */
#define HOOK                                                                                                           \
	"mkdir -p sockets hooks.d; chmod 755 hooks.d sockets; export KYBDESK_HOOKS=$PWD/sockets; "                     \
	"$K hook run ticket --folder $PWD/hooks.d $LIMIT >said 2>faults & hook=$!; trap 'kill $hook; wait' EXIT; "     \
	"until grep -q Listening said; do kill -0 $hook && sleep 0.05; done; "
#define SEND "$K webhook deliver --drain >totals; "

static void make(void)
{
	DONE("init", "--sandbox");
	DONE("merchant", "add", "shop");
	DONE("endpoint", "add", "--merchant", "shop", "--url", "hook:ticket", "--event", "*");
}

static void set_up(void)
{
	box_world(&box, "hook", make);
}
TestSuite(hook, .init = set_up, .fini = box_tear_down, .timeout = 120);

static void shell(const char *line)
{
	DONE_SHELL(test_text("set -e; cd '%s'; %s", box.folder, line));
}

/* Writes a program to the folder hooks.d. */
static void program(const char *name, const char *lines)
{
	shell("mkdir -p hooks.d");
	char *file = test_text("hooks.d/%s", name);
	box_write(&box, file, test_text("#!/bin/sh\nfolder='%s'\n%s\n", box.folder, lines));
	cr_assert_eq(chmod(box_path(&box, file), 0755), 0);
}

/* Opens and approves a user's session, which creates an event. */
static void approve(const char *reference)
{
	DONE("session", "open", "ralio-sandbox", "--merchant", "shop", "--ref", reference, "--subject-kind",
	     "individual", "--kind", "kyc", "--uid", reference, "--name", "Jane", "--country", "ESP", "--for",
	     "merchant");
	DONE("approve", reference, "--grace", "0");
}

static const char *read_file(const char *name)
{
	shell(test_text("cat %s", name));
	return box.last.out;
}

/* Checks the state, failure and response of the newest delivery. */
static void expect_delivery(const char *state, const char *failure, const char *response)
{
	GIVES(("webhook", "list"), test_text("data[0].state: %s", state));
	DONE_JSON("webhook", "show", test_keep(strdup(json_path_text(box.json, "data[0].id"))));
	cr_expect(strstr(json_path_text(box.json, "deliveries[0].attempts[0].failure"), failure), "%s in %s", failure,
		  box.last.out);
	cr_expect(strstr(json_path_text(box.json, "deliveries[0].attempts[0].response"), response), "%s in %s",
		  response, box.last.out);
}

Test(hook, programs_get_the_event_in_the_order_of_their_names)
{
	program("20-second",
		"cat >$folder/second; echo second >>$folder/order; env >$folder/environment; pwd >>$folder/order");
	program("10-first", "cat >$folder/first; echo first >>$folder/order; ls /proc/self/fd >$folder/fds; ulimit "
			    "-c >>$folder/order");
	program("README.txt~", "echo never >>$folder/order");
	shell("echo text >hooks.d/not-executable; echo 'KEY=secret'");
	approve("11");
	box_environment(&box, "SECRET_OF_THE_DESK=1");
	shell("LIMIT=; " HOOK SEND);
	cr_expect_str_eq(read_file("order"), "first\n0\nsecond\n/\n");
	cr_expect_str_eq(read_file("environment | sed 's/=evt_.*/=evt/' | grep -v ^_= | sort"),
			 "KYBDESK_EVENT_ID=evt\nKYBDESK_EVENT_TYPE=kyc.session_verified\nKYBDESK_HOOK=ticket\n"
			 "LANG=C.UTF-8\nPATH=/usr/local/bin:/usr/bin:/bin\nPWD=/\n");
	expect_delivery("delivered", "", "");
	/* The program gets only standard input, output and error; ls itself opened the fourth one. */
	cr_expect_str_eq(read_file("fds"), "0\n1\n2\n3\n");
	shell("cmp first second && grep -q '\"type\":\"kyc.session_verified\"' first && python3 -c 'import json; "
	      "json.load(open(\"first\"))'");
	expect_delivery("delivered", "", "");
	cr_expect(strstr(read_file("said"), "  done\n"), "%s", box.last.out);
}

Test(hook, one_that_fails_is_on_record_and_is_run_again_alone)
{
	program("good", "echo good >>$folder/order");
	program("late", "echo late >>$folder/order; test -e $folder/open || { printf 'the desk of tickets\\033[31m "
			"is shut\\n' >&2; exit 3; }");
	approve("11");
	shell("LIMIT=; " HOOK SEND
	      "$K --json webhook show $($K --json webhook list | grep -o 'evt_[0-9a-f]*' | head -n 1) >shown; "
	      "touch open; until test $(wc -l <order) = 3; do sleep 0.2; " SEND "done");
	cr_expect_str_eq(read_file("order"), "good\nlate\nlate\n");
	cr_expect(strstr(read_file("shown"), "answered 500"), "%s", box.last.out);
	PRINTS("late: exit status 3: the desk of tickets");
	cr_expect_null(strchr(read_file("faults"), 033), "%s", box.last.out);
	PRINTS("hook=ticket program=late event=evt_");
}

Test(hook, one_that_hangs_crashes_forks_or_writes_much_stops_no_other)
{
	program("a-hangs", "sleep 300");
	program("b-crashes", "kill -SEGV $$");
	program("c-leaves-others", "setsid sh -c 'sleep 299 & sleep 299' & sleep 298 & exit 0");
	program("d-writes",
		"head -c 30000000 /dev/zero | tr '\\0' x; head -c 200000000 /dev/zero >$folder/large; echo; "
		"echo end; exit 9");
	program("e-no-interpreter", "");
	shell("printf '#!/nowhere/sh\\n' >hooks.d/e-no-interpreter");
	program("f-eats", "python3 -c 'x = bytearray(3 << 30)' 2>&1 | tail -n 1; exit 5");
	program("z-good", "echo good >>$folder/order");
	approve("11");
	shell("LIMIT='--limit 2'; " HOOK SEND "ps -eo args | grep -c '^sleep 29[89]$' >left || true");
	cr_expect_str_eq(read_file("order"), "good\n");
	cr_expect_str_eq(read_file("left"), "0\n");
	shell("test $(stat -c %s large) -le 67108864 && wc -l <faults");
	cr_expect_str_eq(box.last.out, "5\n", "%s", read_file("faults"));
	expect_delivery(
		"waiting", "answered 500",
		"a-hangs: killed after 2 seconds (time limit); b-crashes: ended by signal 11; d-writes: exit status "
		"9: end; e-no-interpreter: exit status 127; f-eats: exit status 5: MemoryError");
}

Test(hook, without_hook_run_deliveries_wait)
{
	approve("11");
	shell(SEND);
	expect_delivery("waiting", "no hook listens at /run/kybdesk/hooks; start it with: kybdesk hook run ticket", "");
}

Test(hook, a_folder_or_program_that_others_can_write_is_refused)
{
	program("open", "echo run >>$folder/order");
	approve("11");
	shell("LIMIT=; chmod 775 hooks.d; mkdir -m 700 sockets; export KYBDESK_HOOKS=$PWD/sockets; "
	      "! $K hook run ticket --folder $PWD/hooks.d 2>why; grep -q 'can be written by others' why; "
	      "! $K hook run ticket --folder hooks.d 2>why; grep -q 'not an absolute path' why; "
	      "! $K hook run ticket --folder $PWD/nowhere 2>why; grep -q 'No such file' why; "
	      "! $K hook run ../ticket --folder $PWD/hooks.d 2>why; grep -q 'lower-case letters' why; "
	      "chmod 777 sockets; chmod 755 hooks.d; ! $K hook run ticket --folder $PWD/hooks.d 2>why; grep -q "
	      "'can be written' why");
	shell("chmod 775 hooks.d/open; LIMIT=; " HOOK SEND);
	expect_delivery("waiting", "answered 500", "open: can be written by others");
	shell("test ! -e order");
}

Test(hook, a_second_one_of_a_name_is_refused_and_a_killed_one_replaced)
{
	program("good", "echo good >>$folder/order");
	approve("11");
	shell("LIMIT=; " HOOK "! $K hook run ticket --folder $PWD/hooks.d 2>why; grep -q 'another hook run already "
	      "uses this name' why; "
	      "kill -KILL $hook; wait $hook || :; test -S sockets/ticket.sock; rm said; "
	      "$K hook run ticket --folder $PWD/hooks.d >said 2>faults & hook=$!; "
	      "until grep -qs Listening said; do kill -0 $hook && sleep 0.05; done; " SEND
	      "kill $hook; wait $hook || :; test ! -e sockets/ticket.sock; trap - EXIT");
	cr_expect_str_eq(read_file("order"), "good\n");
}

Test(hook, a_stop_ends_what_runs)
{
	program("hangs", "echo begun >>$folder/order; sleep 297");
	approve("11");
	shell("LIMIT=; " HOOK "$K webhook deliver --drain >totals & until test -e order; do sleep 0.05; done; "
	      "kill $hook; wait $hook || :; trap - EXIT; wait; ps -eo args | grep -c '^sleep 297$' >left || true");
	cr_expect_str_eq(read_file("left"), "0\n");
	cr_expect(strstr(read_file("faults"), "ended because \"hook run\" was stopped"), "%s", box.last.out);
}

/* A "hook:" URL needs a valid name, and only an endpoint can have one: the store's public URL cannot. */
Test(hook, the_scheme_is_for_endpoints_of_the_desk_alone)
{
	static const char *const wrong[] = { "hook:",	    "hook:Ticket",
					     "hook:a/b",    "hook:../a",
					     "hook:a.sock", "HOOK:a",
					     "hook://a",    "hook:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ENDS(9, "endpoint", "add", "--merchant", "shop", "--url", wrong[i], "--event", "*");
	ENDS(9, "store", "set", "public_url", "hook:ticket");
}

Test(hook, of_many_that_begin_at_once_one_listens)
{
	program("good", "echo good >>$folder/order");
	approve("11");
	/* A killed `hook run` leaves its socket; six others try to replace it, and only one of them may succeed. */
	shell("LIMIT=; " HOOK "kill -KILL $hook; wait $hook || :; trap - EXIT; test -S sockets/ticket.sock; "
	      "for N in 1 2 3 4 5 6; do $K hook run ticket --folder $PWD/hooks.d --count 1 >said$N 2>why$N & done; "
	      "until grep -q Listening said?; do sleep 0.05; done; "
	      "until test $(cat why? | grep -c 'another hook run already uses this name') = 5; do sleep 0.05; "
	      "done; " SEND "wait; test $(cat said? | grep -c Listening) = 1");
	cr_expect_str_eq(read_file("order"), "good\n");
}

Test(hook, a_killed_one_leaves_no_program_behind)
{
	program("slow", "test -e $folder/second && { echo done >>$folder/order; exit 0; }; echo $$ >$folder/first; "
			"exec sleep 296");
	approve("11");
	shell("LIMIT=; " HOOK "$K webhook deliver --drain >totals & until test -s first; do sleep 0.05; done; "
	      "kill -KILL $hook; wait $hook || :; trap - EXIT; wait; "
	      "while kill -0 $(cat first) 2>none && ! grep -q '^State:.Z' /proc/$(cat first)/status; do sleep "
	      "0.05; done");
	expect_delivery("waiting", "", "");
	/* The next `hook run` gets the event again. */
	shell("touch second; LIMIT=; " HOOK "until test -e order; do sleep 0.2; " SEND "done");
	cr_expect_str_eq(read_file("order"), "done\n");
}

Test(hook, a_broken_event_runs_nothing)
{
	program("any", "echo run >>$folder/order");
	shell("cat >send.py <<'END'\n"
	      "import socket, sys\n"
	      "def send(text, answers=True):\n"
	      "    s = socket.socket(socket.AF_UNIX); s.connect('sockets/ticket.sock'); s.sendall(text)\n"
	      "    s.shutdown(socket.SHUT_WR); said = s.recv(100) if answers else b''; s.close(); return "
	      "said[9:12]\n"
	      "head = b'POST / HTTP/1.1\\r\\nwebhook-id: evt_1\\r\\nContent-Length: %d\\r\\n\\r\\n%s'\n"
	      "for body in (b'', b'{', b'[]', b'\\xff\\xfe', b'{\"a\":1}{'):\n"
	      "    assert send(head % (len(body), body)) == b'400', body\n"
	      "assert send(b'POST / HTTP/1.1\\r\\nContent-Length: 2\\r\\n\\r\\n{}') == b'400'\n"
	      "for text in (b'', b'\\0' * 5000, b'GET', head % (-5, b'{}'), head % (10 ** 30, b'{}')):\n"
	      "    send(text, False)\n"
	      "assert send(head % (2, b'{}')) == b'204'\n"
	      "END\n"
	      "LIMIT=; " HOOK "PYTHONDONTWRITEBYTECODE=1 python3 send.py; grep -c refused faults");
	cr_expect_str_eq(box.last.out, "6\n");
	cr_expect_str_eq(read_file("order"), "run\n");
}

Test(hook, a_folder_below_one_that_others_can_write_is_refused)
{
	program("good", "echo run >>$folder/order");
	approve("11");
	shell("mkdir -m 700 sockets; export KYBDESK_HOOKS=$PWD/sockets; mkdir -p open/in; mv hooks.d open/in/; "
	      "chmod 755 "
	      "open/in/hooks.d; chmod 777 open; ! $K hook run ticket --folder $PWD/open/in/hooks.d 2>why; "
	      "grep -q 'is below .*/open, which can be written by others' why; mv open/in/hooks.d hooks.d; "
	      "mv hooks.d/good open/good; ln -s $PWD/open/good hooks.d/good");
	shell("LIMIT=; rmdir sockets; " HOOK SEND);
	expect_delivery("waiting", "answered 500", "good: is below ");
	shell("test ! -e order");
}
