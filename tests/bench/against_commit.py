#!/usr/bin/python3
"""Compares the speed of this tree's program ("now") with the program of another commit ("then") in one run.

usage: tests/bench/against_commit.py COMMIT SESSIONS [--save FILE] [--only WORD]

The speed of a machine changes between two runs of a bench by more than the difference to be measured. So each row
measures both programs in turns, on equal stores. Other work of the machine only slows a program down, and does so for
seconds; so a fast sample of each program counts, not the median. If "now" is more than LIMIT times slower, the row is
measured four more times, and all samples count. Prints for each row: what, then, now, and how many times slower "now"
is. --only: measures only the parts with WORD in their names (PARTS). A slower row is not an error.
"""
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

LIMIT = 1.05
REPEATS = 5
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GROWN = int(os.environ.get('KYB_BENCH_GROWN', '1000000'))


def fail(message):
    sys.exit('bench: ' + message)


class Side:
    """One of the two programs, with its source tree and its folder for stores."""

    def __init__(self, name, tree, work):
        self.name, self.tree = name, tree
        self.program = tree + '/build/kybdesk'
        self.folder = work + '/' + name
        os.mkdir(self.folder)

    def tool(self, name):
        return self.tree + '/build/bench/' + name

    def store(self, name):
        return self.folder + '/' + name

    def desk(self, store, *arguments):
        return output([self.program, '--store', store if '://' in store else self.store(store), *arguments])


def output(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode != 0:
        fail('%s: exit code %d: %s' % (' '.join(command)[:200], done.returncode, done.stderr.strip()))
    return done.stdout


def fast_samples(samples, unit):
    """Returns (then, now): for each program, the sample at one eighth of its list, sorted best first."""
    best_first = [sorted((x[i] for x in samples), reverse=unit == '/s') for i in (0, 1)]
    return tuple(numbers[len(numbers) // 8] for numbers in best_first)


def slower_by(then, now, unit):
    """How many times slower "now" is; 0 if a number is 0. unit: us, KiB, bytes, or /s for a rate."""
    if not then or not now:
        return 0
    return then / now if unit == '/s' else now / then


def shown(number, unit):
    if unit == 'us':
        return '%.3f ms' % (number / 1000)
    return ('%.0f%s' if unit == '/s' else '%.0f %s') % (number, unit)


class Bench:
    def __init__(self, work, then, now, sessions):
        self.work, self.then, self.now, self.sessions = work, then, now, sessions
        self.sides = (then, now)
        self.order = [then, now]  # swapped each time, so that neither program is always first
        self.rows = []
        self.children = []
        self.lines = work + '/sessions.ndjson'

    def library(self, call):
        """Runs shell commands that may call the functions of lib.sh; returns their output."""
        environment = dict(os.environ, work=self.work)
        return output(['sh', '-euc', '. "%s/lib.sh"\n%s' % (HERE, call)], env=environment, cwd=ROOT)

    def row(self, what, then, now, unit):
        slower = slower_by(then, now, unit)
        self.rows.append((what, then, now, unit, slower))
        note = 'slower' if slower > LIMIT else 'faster' if 0 < slower < 1 / LIMIT else ''
        print('%-64s %14s %14s %7.2f  %s' % (what, shown(then, unit), shown(now, unit), slower, note), flush=True)

    def pairs(self, what, unit, measure, rounds=1):
        """Measures and adds a row. measure() runs both programs in turns and returns their numbers (then, now)."""
        samples = [measure() for _ in range(rounds)]
        if slower_by(*fast_samples(samples, unit), unit) > LIMIT:
            samples += [measure() for _ in range(rounds * (REPEATS - 1))]
        self.row(what, *fast_samples(samples, unit), unit)

    def turns(self, what, unit, measure, rounds=5):
        """Like pairs(), but measure(side) runs one program and returns its number."""
        def both():
            self.order.reverse()
            found = {side.name: measure(side) for side in self.order}
            return found['then'], found['now']

        self.pairs(what, unit, both, rounds)

    def in_turns(self, tool, arguments, command_of, field):
        """Runs a tool that measures two commands in turns and prints pairs; returns the pair `field` as (then, now)."""
        self.order.reverse()
        command = [self.now.tool(tool), *arguments]
        for index, side in enumerate(self.order):
            command += (['--'] if index or tool == 'keys' else []) + command_of(side)
        words = output(command).split()
        pair = float(words[2 * field]), float(words[2 * field + 1])
        return pair if self.order[0] is self.then else pair[::-1]

    def measure(self, runs, arguments, field=0):
        """The median times of a command in microseconds (measure.c); field 1: its peak memory in KiB."""
        return self.in_turns('measure', [str(runs)], lambda side: [argument.replace('PROGRAM', side.program).replace(
            'FOLDER', side.folder) for argument in arguments], field)

    def keys(self, rounds, first, typed, store, field=0):
        """The median times of a key, or of a start, in microseconds (keys.c); field 2: bytes; 3: peak memory in KiB."""
        return self.in_turns('keys', [str(rounds), first, typed],
                             lambda side: ['Why', side.program, '--store', side.store(store)], field)

    def start(self, command, **options):
        self.children.append(subprocess.Popen(command, **options))
        return self.children[-1]

    def copy(self, store):
        """Copies a store that has no document files from "then" to "now"; `upgrade` upgrades the copy if needed."""
        output(['sqlite3', self.then.store(store), "INSERT INTO session_text(session_text) VALUES ('optimize')",
                'PRAGMA wal_checkpoint(TRUNCATE)'])
        for end in ('', '.key'):
            shutil.copy(self.then.store(store) + end, self.now.store(store) + end)
        for side in self.sides:
            side.desk(store, 'upgrade')

    def make_store(self, store, lines):
        self.then.desk(store, 'init', '--sandbox')
        self.then.desk(store, 'import', lines)
        self.copy(store)


def remove(side, store):
    for name in os.listdir(side.folder):
        if name.startswith(store):
            path = side.folder + '/' + name
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def timed(side, store, *arguments):
    begun = time.monotonic()
    side.desk(store, *arguments)
    return (time.monotonic() - begun) * 1000000


def bench_import(bench):
    times = {}

    def first(side):
        remove(side, 'import.db')
        side.desk('import.db', 'init', '--sandbox')
        taken = timed(side, 'import.db', 'import', bench.lines)
        times.setdefault(side.name, []).append(timed(side, 'import.db', 'import', bench.lines))
        return taken

    bench.turns('import of %d sessions' % bench.sessions, 'us', first)
    again = list(zip(times['then'], times['now']))
    bench.row('import again, unchanged', *fast_samples(again, 'us'), 'us')
    bench.pairs('import, memory', 'KiB', lambda: bench.measure(1, ['PROGRAM', '--store', 'FOLDER/import.db', 'import',
                                                                    bench.lines], 1))


def bench_commands(bench):
    store = ['PROGRAM', '--store', 'FOLDER/store.db']
    for what, arguments in (('inbox', ['inbox']), ('list, a page of one inbox', ['list', '--inbox', 'manual_review']),
                            ('list, filtered by a word', ['list', '--filter', 'harbour']),
                            ('show', ['show', 'BEN-00000042']), ('list --ndjson --all', ['list', '--ndjson', '--all']),
                            ('audit verify', ['audit', 'verify'])):
        bench.pairs(what, 'us', lambda: bench.measure(31, store + arguments))
    cold = "dd if='FOLDER/store.db' iflag=nocache count=0 status=none; 'PROGRAM' --store 'FOLDER/store.db' list"
    bench.pairs('list, a page, with a cold cache', 'us', lambda: bench.measure(15, ['sh', '-c', cold]))


def bench_pages(bench):
    """Like Bench.pairs(), but one process (pages.c) measures all rows of a program."""
    rows = {}

    def measure(rounds):
        for _ in range(rounds):
            bench.order.reverse()
            found = {side.name: dict(line.split('\t')[:2] for line in output([side.tool('pages'), side.store('store.db')])
                                     .splitlines()) for side in bench.order}
            for what in found['now']:
                if what in found['then']:
                    rows.setdefault(what, []).append((int(found['then'][what]) / 10, int(found['now'][what]) / 10))

    measure(8)
    if any(slower_by(*fast_samples(samples, 'us'), 'us') > LIMIT for samples in rows.values()):
        measure(8 * (REPEATS - 1))
    for what, samples in rows.items():
        bench.row(what.split(' : ')[0], *fast_samples(samples, 'us'), 'us')


def bench_decisions(bench):
    people = bench.work + '/people'
    rounds, decisions = 7, 200
    with open(people, 'w', encoding='utf-8') as file:
        file.write(bench.library('people %d' % (decisions * rounds * REPEATS)))
    for store, init in (('sandbox.db', ['init', '--sandbox']), ('production.db', ['init'])):
        bench.then.desk(store, *init)
        if len(init) == 1:
            bench.then.desk(store, 'store', 'set', 'public_url', 'https://desk.example')
            bench.then.desk(store, 'merchant', 'add', 'shop')
        bench.then.desk(store, 'reviewer', 'add', 'lea', '--role', 'lead')
        bench.then.desk(store, 'import', people)
        bench.copy(store)
        at = {'then': 0, 'now': 0}

        def decide(side, store=store, at=at):
            taken = float(output([side.tool('decide'), side.store(store), str(at[side.name]),
                                  str(decisions)]).split()[0])
            at[side.name] += decisions
            return decisions * 1000000 / taken

        bench.turns('decisions in ' + store.removesuffix('.db'), '/s', decide, rounds)


def serve(bench, side, store):
    """Starts a server; returns it, its port and an API key."""
    key = bench.library("merchant_key '%s' '%s' clients" % (side.program, store)).strip()
    port = side.store('port')
    with open(port, 'w', encoding='utf-8') as file:
        server = bench.start([side.program, '--store', store, 'serve', '--listen', '127.0.0.1:0', '--key-limit', '0',
                              '--address-limit', '0'], stdout=file)
    return server, bench.library("port_of '%s'" % port).strip(), key


def measure_intake(bench, what, stores, counts):
    """counts: pairs of the number of clients and the number of requests."""
    body = bench.library('session_body')
    served = {side.name: serve(bench, side, stores[side.name]) for side in bench.sides}
    for clients, requests in counts:
        bench.turns('%s, %d clients' % (what, clients), '/s', lambda side: float(output(
            [bench.now.tool('load'), served[side.name][1], str(clients), str(requests), '/kyc/sessions',
             served[side.name][2], body])), rounds=9)
    for server, _, _ in served.values():
        server.terminate()
        if server.wait() != 0:
            fail('kybdesk serve ended with %d' % server.returncode)


def bench_intake(bench):
    for side in bench.sides:
        side.desk('door.db', 'init', '--sandbox')
    measure_intake(bench, 'intake', {side.name: side.store('door.db') for side in bench.sides},
                   ((1, 1920), (16, 1920), (64, 1920)))


def bench_beside(bench):
    """The time to add a note (99th percentile, with pauses of 5 ms), alone and during an import."""
    first = bench.work + '/first'
    with open(bench.lines, encoding='utf-8') as lines, open(first, 'w', encoding='utf-8') as file:
        file.writelines(line for line, _ in zip(lines, range(200)))

    def note(side, command):
        remove(side, 'quiet.db')
        side.desk('quiet.db', 'init', '--sandbox')
        side.desk('quiet.db', 'import', first)
        store = side.store('quiet.db')
        return float(output([side.tool('beside'), store, 'BEN-00000042', *command(store, side)]).split()[2])

    bench.turns('a note alone, 99 of 100', 'us', lambda side: note(side, lambda store, side: ['sleep', '2']))
    bench.turns('a note beside an import, 99 of 100', 'us', lambda side: note(
        side, lambda store, side: [side.program, '--store', store, 'import', bench.lines]), rounds=9)


def bench_postgresql(bench):
    served = bench.library('[ -z "$server_programs" ] || server_begin; echo "$served"').strip()
    if not served:
        print('PostgreSQL: skipped; no server is installed (apt install postgresql)')
        return
    try:
        call = "served='%s'\n" % served
        stores = {side.name: 'postgresql://kybdesk@/%s?host=%s' % (side.name, served) for side in bench.sides}

        def first(side):
            bench.library(call + 'as_server dropdb --if-exists -h "$served" -U kybdesk "%s"\n'
                          'as_server createdb -h "$served" -U kybdesk "%s"' % (side.name, side.name))
            side.desk(stores[side.name], 'init', '--sandbox')
            return timed(side, stores[side.name], 'import', bench.lines)

        bench.turns('import on PostgreSQL', 'us', first, rounds=3)
        measure_intake(bench, 'intake on PostgreSQL', stores, ((16, 960),))
    finally:
        bench.library("served='%s'\nserver_end" % served)


def bench_deliveries(bench):
    count = 20000
    with open(bench.work + '/sink.port', 'w', encoding='utf-8') as file:
        sink = bench.start([bench.now.tool('sink')], stdin=subprocess.PIPE, stdout=file)
    for what, endpoints, sessions, at_once in (('four endpoints', 4, 4000, 16), ('four endpoints', 4, 4000, 64),
                                               ('one endpoint', 1, 4000, 64), ('of 100 sessions in order', 4, 100, 64)):
        bench.library("fill_outbox '%s' '%s' %d %d %d" % (bench.then.program, bench.then.store('full.db'), count,
                                                           endpoints, sessions))
        bench.copy('full.db')

        def deliver(side):
            for end in ('', '.key'):
                shutil.copy(side.store('full.db') + end, side.store('deliver.db') + end)
            rate = float(output([side.tool('worker'), side.store('deliver.db'), str(at_once)]))
            remove(side, 'deliver.db')
            return rate

        bench.turns('deliveries, %s, %d at once' % (what, at_once), '/s', deliver, rounds=5)
        for side in bench.sides:
            remove(side, 'full.db')
    sink.stdin.close()
    sink.wait()


def bench_screens(bench):
    thousand = bench.work + '/thousand'
    with open(bench.lines, encoding='utf-8') as lines, open(thousand, 'w', encoding='utf-8') as file:
        file.writelines(line for line, _ in zip(lines, range(1000)))
    bench.then.desk('small.db', 'init', '--sandbox')
    bench.then.desk('small.db', 'import', thousand)
    output(['sqlite3', bench.then.store('small.db'), 'PRAGMA wal_checkpoint(TRUNCATE)'])
    for end in ('', '.key'):
        shutil.copy(bench.then.store('small.db') + end, bench.then.store('large.db') + end)
    output([bench.then.tree + '/tests/bench/grow.sh', bench.then.store('large.db'), str(GROWN // 1000)],
           env=dict(os.environ, TMPDIR=bench.work))
    output([bench.then.tool('commit'), bench.then.store('large.db')])
    for store in ('large.db', 'small.db'):
        bench.copy(store)
        for side in bench.sides:
            bench.library("add_demo '%s' '%s'" % (side.program, side.store(store)))
    for store, count in (('large.db', GROWN), ('small.db', 1000)):
        def screen(what, rounds, first, typed):
            bench.pairs('%s, of %d' % (what, count), 'us', lambda: bench.keys(rounds, first, typed, store))

        for what, arguments in (('list, a page', ['list', '--inbox', 'approved']), ('show', ['show', 'RAL-2031'])):
            bench.pairs('%s, of %d' % (what, count), 'us',
                        lambda: bench.measure(31, ['PROGRAM', '--store', 'FOLDER/' + store] + arguments))
        screen('the first frame', 15, '-', '-')
        screen('a page on', 10, '6', '\\e[6~')
        screen('another inbox', 41, '6', '5 6')
        screen('a case opened and closed', 20, '6', '\\r \\e')
        screen('the next case, held', 7, '5', 'n')
        if store == 'small.db':
            continue
        for line in bench.library('print() { printf "%s\\t%s\\t%s\\n" "$@"; }\neach_screen print').splitlines():
            what, first, typed = line.split('\t')
            screen('a key, ' + what, 200, first, typed)
    bench.pairs('the workbench, memory', 'KiB', lambda: bench.keys(41, '6', 'j k', 'large.db', 3))
    bench.pairs('the workbench, bytes of a move', 'bytes', lambda: bench.keys(41, '6', 'j k', 'large.db', 2))
    bench.pairs('the workbench, ten seconds idle', 'us', lambda: bench.keys(10, '-', 'idle', 'large.db'))


PARTS = {'import': bench_import, 'commands': bench_commands, 'pages': bench_pages, 'decisions': bench_decisions,
         'beside': bench_beside, 'intake': bench_intake, 'postgresql': bench_postgresql, 'deliveries': bench_deliveries,
         'screens': bench_screens}


def run(work, commit, sessions, save, only):
    tree = work + '/tree'
    bench = None
    output(['git', 'worktree', 'add', '--quiet', '--detach', tree, commit], cwd=ROOT)
    try:
        print('bench: building the program of %s' % commit, file=sys.stderr)
        output(['./dev', 'build'], cwd=tree)
        bench = Bench(work, Side('then', tree, work), Side('now', ROOT, work), sessions)
        for side in bench.sides:
            bench.library("build_tools '%s'" % side.tree)
        with open(bench.lines, 'w', encoding='utf-8') as file:
            subprocess.run([bench.now.tool('generate'), str(sessions)], stdout=file, check=True)
        os.environ.update(XDG_CONFIG_HOME=work + '/config', XDG_STATE_HOME=work + '/state', HOME=work)
        bench.make_store('store.db', bench.lines)
        print('%-64s %14s %14s %7s' % ('what', 'then', 'now', 'slower'))
        for name, part in PARTS.items():
            if only in name:
                part(bench)
    finally:
        for child in bench.children if bench else ():
            child.kill()
        output(['git', 'worktree', 'remove', '--force', tree], cwd=ROOT)
    ratios = [row[4] for row in bench.rows if row[4]]
    print('\n%d rows, geometric mean %.2f, worst %.3f, %d slower than %.2f' % (
        len(ratios), statistics.geometric_mean(ratios), max(ratios), sum(x > LIMIT for x in ratios), LIMIT))
    if save:
        with open(save, 'w', encoding='utf-8') as file:
            file.writelines('%s\t%.1f\t%.1f\t%s\t%.3f\n' % row for row in bench.rows)


def main(arguments):
    save, only, words = '', '', []
    while arguments:
        word = arguments.pop(0)
        if word in ('--save', '--only') and arguments:
            value = arguments.pop(0)
            save, only = (os.path.abspath(value), only) if word == '--save' else (save, value)
        else:
            words.append(word)
    if len(words) != 2:
        sys.exit(__doc__)
    work = tempfile.mkdtemp(prefix='kybdesk-bench.')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        run(work, words[0], int(words[1]), save, only)
    finally:
        shutil.rmtree(work, ignore_errors=True)


main(sys.argv[1:])
