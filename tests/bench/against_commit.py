#!/usr/bin/python3
"""Compares the speed of this tree's program ("now") with the program of another commit ("then") in one run.

usage: tests/bench/against_commit.py COMMIT SESSIONS [--save FILE] [--only WORD]

The speed of a machine changes between two runs of a bench by more than the difference that is looked for. So each row
measures both programs in turns, on copies of one store, and compares medians. A row that seems slower than LIMIT is
measured again, up to five times as often. Prints for each row: what, then, now, and how many times slower. --only
measures just the rows of the parts with WORD in their names. Never fails because a row is slow.
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

    def desk(self, store, *arguments, codes=(0,)):
        return output([self.program, '--store', self.store(store), *arguments], codes)


def output(command, codes=(0,), **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode not in codes:
        fail('%s: exit code %d: %s' % (' '.join(command)[:200], done.returncode, done.stderr.strip()))
    return done.stdout


class Bench:
    def __init__(self, work, then, now, sessions):
        self.work, self.then, self.now, self.sessions = work, then, now, sessions
        self.sides = (then, now)
        self.rows = []
        self.lines = work + '/sessions.ndjson'

    def library(self, call):
        """Runs a function of lib.sh."""
        environment = dict(os.environ, work=self.work)
        return output(['sh', '-euc', '. "%s/lib.sh"\n%s' % (HERE, call)], env=environment, cwd=ROOT)

    def row(self, what, then, now, unit):
        """unit: us, or /s for a rate, of which more is better."""
        slower = (then / now if unit == '/s' else now / then) if then and now else 0
        self.rows.append((what, then, now, unit, slower))
        shown = (lambda x: '%.0f/s' % x) if unit == '/s' else (lambda x: '%.3f ms' % (x / 1000))
        if unit not in ('/s', 'us'):
            shown = lambda x: '%.0f %s' % (x, unit)
        print('%-64s %14s %14s %7.2f  %s' % (what, shown(then), shown(now), slower,
                                             'slower' if slower > LIMIT else 'faster' if 0 < slower < 1 / LIMIT else ''),
              flush=True)

    def pairs(self, what, unit, measure, rounds=1):
        """measure() returns the numbers (then, now) of both programs, which it ran in turns."""
        samples = []
        for _ in range(REPEATS):
            samples += [measure() for _ in range(rounds)]
            then, now = (statistics.median(x[i] for x in samples) for i in (0, 1))
            if not then or not now or (then / now if unit == '/s' else now / then) <= LIMIT:
                break
        self.row(what, then, now, unit)

    def turns(self, what, unit, measure, rounds=5):
        """measure(side) returns a number of one program."""
        order = [self.then, self.now]

        def both():
            order.reverse()
            found = {side.name: measure(side) for side in order}
            return found['then'], found['now']

        self.pairs(what, unit, both, rounds)

    def measure(self, runs, arguments, number=0):
        """Runs both programs with the arguments in turns (measure.c): their medians in microseconds, or KiB."""
        command = [self.now.tool('measure'), str(runs)]
        for side in self.sides:
            command += [argument.replace('PROGRAM', side.program).replace('FOLDER', side.folder) for argument in arguments]
            command += ['--']
        words = output(command[:-1]).split()
        return float(words[2 * number]), float(words[2 * number + 1])

    def keys(self, rounds, first, typed, store):
        command = [self.now.tool('keys'), str(rounds), first, typed]
        for side in self.sides:
            command += ['--', 'Why', side.program, '--store', side.store(store)]
        return [float(word) for word in output(command).split()]

    def copy(self, store):
        """Copies a store without documents from the old program to the new one; opening the copy upgrades it, if needed."""
        output(['sqlite3', self.then.store(store), "INSERT INTO session_text(session_text) VALUES ('optimize')",
                'PRAGMA wal_checkpoint(TRUNCATE)'])
        for end in ('', '.key'):
            shutil.copy(self.then.store(store) + end, self.now.store(store) + end)
        for side in self.sides:
            side.desk(store, 'info')

    def make_store(self, store, lines):
        self.then.desk(store, 'init', '--sandbox')
        self.then.desk(store, 'import', lines)
        self.copy(store)


def remove(side, store):
    for name in os.listdir(side.folder):
        if name.startswith(store):
            path = side.folder + '/' + name
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def timed(side, store, *arguments, codes=(0,)):
    begun = time.monotonic()
    side.desk(store, *arguments, codes=codes)
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
    bench.row('import again, unchanged', *(statistics.median(times[side.name]) for side in bench.sides), 'us')
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
    rows = {}
    order = []
    for index in range(8):
        for side in bench.sides if index % 2 else bench.sides[::-1]:
            for line in output([side.tool('pages'), side.store('store.db')]).splitlines():
                what, ours = line.split('\t')[:2]
                if what not in rows:
                    rows[what] = {'then': [], 'now': []}
                    order.append(what)
                rows[what][side.name].append(int(ours) / 10)
    for what in order:
        if rows[what]['then'] and rows[what]['now']:
            bench.row(what.split(' : ')[0], *(statistics.median(rows[what][side.name]) for side in bench.sides), 'us')


def bench_decisions(bench):
    people = bench.work + '/people'
    rounds = 20
    with open(people, 'w', encoding='utf-8') as file:
        file.write(bench.library('people %d' % (200 * rounds * REPEATS)))
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
            taken = float(output([side.tool('decide'), side.store(store), str(at[side.name]), '200']).split()[0])
            at[side.name] += 200
            return 200 * 1000000 / taken

        bench.turns('decisions in ' + store.removesuffix('.db'), '/s', decide, rounds=7)


def bench_intake(bench):
    body = bench.library('session_body')
    ports, keys, servers = {}, {}, []
    for side in bench.sides:
        side.desk('door.db', 'init', '--sandbox')
        keys[side.name] = bench.library("merchant_key '%s' '%s' shop" % (side.program, side.store('door.db'))).strip()
        with open(side.store('port'), 'w', encoding='utf-8') as file:
            servers.append(subprocess.Popen([side.program, '--store', side.store('door.db'), 'serve', '--listen',
                                             '127.0.0.1:0', '--key-limit', '0', '--address-limit', '0'], stdout=file))
        ports[side.name] = bench.library("port_of '%s'" % side.store('port')).strip()
    for clients in (1, 16, 64):
        bench.turns('intake, %d clients' % clients, '/s', lambda side: float(output(
            [bench.now.tool('load'), ports[side.name], str(clients), '1920', '/kyc/sessions', keys[side.name], body])), rounds=9)
    for server in servers:
        server.send_signal(signal.SIGTERM)
    for server in servers:
        if server.wait() != 0:
            fail('kybdesk serve ended with %d' % server.returncode)


def bench_deliveries(bench):
    count = 20000
    with open(bench.work + '/sink.port', 'w', encoding='utf-8') as file:
        sink = subprocess.Popen([bench.now.tool('sink')], stdin=subprocess.PIPE, stdout=file)
    for what, endpoints, sessions, at_once in (('four endpoints', 4, 4000, 16), ('four endpoints', 4, 4000, 64),
                                               ('one endpoint', 1, 4000, 64), ('of 100 sessions in order', 4, 100, 64)):
        bench.library("fill_outbox '%s' '%s' %d %d %d" % (bench.then.program, bench.then.store('full.db'), count, endpoints,
                                                           sessions))
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
            bench.pairs('%s, of %d' % (what, count), 'us', lambda: bench.keys(rounds, first, typed, store)[:2])

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
    bench.row('the workbench, memory', *bench.keys(41, '6', 'j k', 'large.db')[6:8], 'KiB')
    bench.row('the workbench, bytes of a move', *bench.keys(41, '6', 'j k', 'large.db')[4:6], 'bytes')


PARTS = {'import': bench_import, 'commands': bench_commands, 'pages': bench_pages, 'decisions': bench_decisions,
         'intake': bench_intake, 'deliveries': bench_deliveries, 'screens': bench_screens}


def run(work, commit, sessions, save, only):
    tree = work + '/tree'
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
        output(['git', 'worktree', 'remove', '--force', tree], cwd=ROOT)
    ratios = [row[4] for row in bench.rows if row[4]]
    print('\n%d rows, geometric mean %.2f, %d slower than %.2f, %d faster' % (
        len(ratios), statistics.geometric_mean(ratios), sum(x > LIMIT for x in ratios), LIMIT, sum(x < 1 / LIMIT for x in ratios)))
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
