"""The headers that each file may include, and the names that it may use. sources.py checks the preprocessed sources
against these tables, symbols.py the symbols of the objects. A new library or a new ban needs one row here, and one
planted file in lint_test.c."""

# Each layer, and the layers that it may know (docs/architecture.md). The layer main is src/main.c.
LAYERS = {
    "base": "base",
    "domain": "base domain",
    "sandbox": "base domain sandbox",
    "codec": "base domain sandbox codec",
    "store": "base domain sandbox store",
    "webhook": "base domain codec store webhook",
    "desk": "base domain sandbox codec store desk",
    "settings": "base domain codec settings",
    "cli": "base domain sandbox codec desk webhook settings cli",
    "tui": "base domain sandbox codec desk webhook settings tui",
    "api": "base domain sandbox codec desk webhook settings api",
    "main": "base settings cli tui api",
}

# Each module of the desk, and the modules that it may know. use is the base of the others; it calls decide
# (decide_begin, status_change_begin), because one function in use runs the verbs of all modules. review calls client
# for steps and declared parties, and read for list queries and the records to undo.
MODULES = {
    "desk": {
        "use": "use decide",
        "link": "use link",
        "decide": "use decide link",
        "read": "use read decide link",
        "evidence": "use evidence",
        "review": "use review read client decide link",
        "client": "use client decide link",
        "money": "use money",
        "intake": "use intake client decide link",
        "people": "use people link",
    }
}
# In these layers, a module knows the other modules only by their contracts in include/kybdesk.
CLOSED_MODULES = ("domain", "store", "codec")

# Libraries: patterns of their headers (for sources.py) and of their shared libraries (for symbols.py), and the module
# of each: the only folders or files that may use the library.
LIBRARIES = [
    # name, header, shared library, module
    ("ncurses", r"n?cursesw?/.*|(n?curses|panel|form|menu|term|eti|unctrl)\.h", r"lib(ncurses|tinfo)", "src/tui/term/"),
    ("SQLite", r"sqlite3(ext)?\.h", r"libsqlite3", "src/store/sqlite/ src/tools/whole_schema.c"),
    ("libpq", r"(postgresql/)?(libpq-fe|libpq-events|pg_config\w*|postgres_ext)\.h|libpq/.*", r"libpq", "src/store/postgresql/"),
    ("libcurl", r"curl/.*", r"libcurl", "src/webhook/"),
    ("libmicrohttpd", r"microhttpd(_tls)?\.h", r"libmicrohttpd", "src/api/"),
    ("jansson", r"jansson(_config)?\.h", r"libjansson", "src/codec/"),
    ("OpenSSL", r"openssl/.*", r"lib(crypto|ssl)", "src/base/"),
    ("utf8proc", r"utf8proc\.h", r"libutf8proc", "src/base/"),
    ("zlib", r"z(lib|conf)\.h", r"libz", "src/base/"),
    ("dynamic loading", r"dlfcn\.h", r"libdl", "src/base/late.c"),
]

# Banned names of the C library: the reason, the files that may still use them, the names.
CALLS = [
    ("it knows no size", (), "strcpy strcat sprintf vsprintf gets strncpy strncat stpcpy stpncpy alloca wcscpy wcscat"),
    ("it keeps state between calls", (), "strtok strtok_r localtime gmtime ctime asctime ctime_r asctime_r rand srand "
     "random srandom drand48 srand48 rand_r"),
    ("it says nothing of what it could not read", (), "atoi atol atoll atof sscanf scanf fscanf"),
    ("a shell reads what it is given", (), "system popen wordexp"),
    ("the name is guessed before the file is there", (), "mktemp tmpnam tempnam"),
    ("the world is passed in (base/world.h)", ("src/base/world.c",), "time clock_gettime clock gettimeofday ftime "
     "timespec_get getrandom getentropy getenv secure_getenv localtime_r gmtime_r mktime"),
    ("it is a process", ("src/base/confine.c", "src/base/start.c", "src/base/bounded.c",
                         "src/cli/sandbox/demo.c"),
     "fork vfork clone execl execle execlp execv execve execvp execvpe posix_spawn posix_spawnp"),
    ("a wait needs a limit, a row in docs/waits.md and a test that freezes the peer",
     ("src/api/serve.c", "src/base/bounded.c", "src/base/confine.c", "src/base/log.c", "src/base/start.c",
      "src/base/wait.c", "src/cli/admin/backup_folder.c", "src/cli/interrupt.c", "src/cli/sandbox/demo.c",
      "src/cli/webhook/cmd_hook.c", "src/cli/webhook/receive.c",
      "src/store/postgresql/postgresql_connect.c", "src/tui/jobs/reader.c",
      "src/tui/term/tty.c", "src/webhook/pool.c"),
     "poll ppoll select pselect epoll_wait epoll_pwait waitpid waitid flock lockf connect getaddrinfo getnameinfo"),
    ("a library is opened in one place", ("src/base/late.c",), "dlopen dlmopen dlsym dlvsym"),
]

# The names of CALLS that are also good names of variables and members.
EVERYDAY = {"system", "time", "clock", "random", "clone", "select", "connect", "poll", "flock"}

# Names of kybdesk that are banned in a folder: the name, the folder, the files in it that may use it, the reason.
WORDS = [
    ("desk_do", "src/cli/", ("src/cli/value.c", "src/cli/sandbox/demo.c"),
     "a command asks the desk through cli_run_use_case(), which holds it to the uses that it names"),
]


def is_known(module, path):
    return path.startswith(tuple(module.split()))


def called():
    """name -> (reason, files that may use it)"""
    return {name: (why, files) for why, files, names in CALLS for name in names.split()}


def place(path):
    """(layer, module, is it a contract) of a file, by its path from the root; an empty layer if it belongs to none."""
    parts = path.split("/")
    if path == "src/main.c":
        return "main", "", False
    if parts[0] == "src" and len(parts) > 2 and parts[1] in LAYERS:
        return parts[1], "/".join(parts[2:-1]), False
    if parts[:2] == ["include", "kybdesk"] and len(parts) > 3 and parts[2] in LAYERS:
        return parts[2], "", True
    return "", "", False


def may_know(path, other):
    """The reason why one file of the tree may not include the other; empty if it may."""
    layer, module, contract = place(path)
    its_layer, its_module, its_contract = place(other)
    if not layer or not its_layer:
        return "it belongs to no layer"
    if its_layer not in LAYERS[layer].split():
        return f"layer {layer} may not know {its_layer}"
    if its_contract:
        return ""
    if contract or layer != its_layer:
        return "an internal header of another module; include a contract of include/kybdesk"
    return module_may_know(layer, module, its_module)


def module_may_know(layer, module, its_module):
    if layer in MODULES and module in MODULES[layer] and its_module in MODULES[layer]:
        return "" if its_module in MODULES[layer][module].split() else f"{layer}'s module {module} may not know {its_module}"
    if layer in CLOSED_MODULES and module and its_module and module != its_module:
        return f"modules of {layer} meet at their contracts"
    return ""
