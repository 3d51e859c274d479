# One test program per folder of tests/, such as unit/LAYER, store, cli, api, screen, fault.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION IMPORTED_TARGET criterion>=2.4)
pkg_check_modules(VTERM IMPORTED_TARGET vterm>=0.1)
if(NOT CRITERION_FOUND OR NOT VTERM_FOUND)
  message(FATAL_ERROR "the tests need criterion and libvterm, with their headers: on Debian run ./dev packages; "
    "or build without the tests: -DKYB_TESTS=OFF")
endif()
set(KYB_TEST_PROGRAMS "")

kyb_sources(support "^tests/support/[^/]*$")
# This file is compiled into each program: Criterion's hooks are not found in a library.
set(KYB_TEST_OBJECTS ${CMAKE_SOURCE_DIR}/tests/support/teardown.c)
list(REMOVE_ITEM support ${KYB_TEST_OBJECTS})
if(KYB_SANITIZE)
  list(APPEND KYB_TEST_OBJECTS ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/sqlite_memory.c)
endif()
if(support)
  add_library(kyb_test_support STATIC ${support})
  target_include_directories(kyb_test_support PUBLIC ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(kyb_test_support PRIVATE KYB_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    KYB_BUILT_PROGRAM="${CMAKE_BINARY_DIR}/kybdesk")
  target_link_libraries(kyb_test_support PUBLIC kyb_flags PkgConfig::CRITERION PkgConfig::VTERM PkgConfig::JANSSON
    PkgConfig::SQLITE PkgConfig::CRYPTO PkgConfig::ZLIB Threads::Threads util)
endif()

# Criterion's macros cause some of the strictest warnings. These options are in a library, since the options of
# libraries come after the target's own options, and the last one counts.
add_library(kyb_test_flags INTERFACE)
target_compile_options(kyb_test_flags INTERFACE
  -Wno-pedantic -Wno-missing-prototypes -Wno-shadow -Wno-conversion)
# With -O0 the tests' own code, which the sanitizers check too, compiles in less than half the time; with calls in place
# of code at each access in three quarters of that, and with smaller assertions (fail.h) in half of that.
if(KYB_SANITIZE)
  target_compile_options(kyb_test_flags INTERFACE -O0 --param=asan-instrumentation-with-call-threshold=0)
endif()
target_compile_options(kyb_test_flags INTERFACE -include ${CMAKE_SOURCE_DIR}/tests/support/fail.h)
# Criterion needs libgit2 only to show how two texts differ, which no test asks for; but libgit2 and the 15 libraries
# that it needs start in the process of each test. A library of the same name takes its place (no_git.c).
execute_process(COMMAND objdump -p ${CRITERION_LINK_LIBRARIES} OUTPUT_VARIABLE needed ERROR_QUIET)
if(needed MATCHES "NEEDED +libgit2(\\.so[.0-9]*)")
  add_library(no_git SHARED ${CMAKE_SOURCE_DIR}/tests/support/preload/no_git.c)
  set_target_properties(no_git PROPERTIES OUTPUT_NAME git2 SUFFIX ${CMAKE_MATCH_1})
  target_link_options(kyb_test_flags INTERFACE -Wl,--no-as-needed)
  target_link_libraries(kyb_test_flags INTERFACE no_git)
endif()

if(KYB_SANITIZE AND TARGET kybdesk)
  target_sources(kybdesk PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/leak_check.c
    ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/fork_server.c
    ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/sqlite_memory.c)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/tests/support/sanitizer/fork_server.c PROPERTIES
    INCLUDE_DIRECTORIES ${CMAKE_SOURCE_DIR}/tests)
endif()

function(kyb_test_definitions target)
  target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE KYB_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    KYB_PROGRAM=test_program\("$<IF:$<TARGET_EXISTS:kybdesk>,${CMAKE_BINARY_DIR}/kybdesk,>"\))
endfunction()

# Removes the files that contain a word from a list.
function(kyb_exclude_naming list word)
  set(kept "")
  foreach(path IN LISTS ${list})
    file(STRINGS ${path} found REGEX ${word})
    if(NOT found)
      list(APPEND kept ${path})
    endif()
  endforeach()
  set(${list} ${kept} PARENT_SCOPE)
endfunction()

function(kyb_test name folder)
  kyb_sources(sources "^tests/${folder}/")
  if(NOT sources)
    return()
  endif()
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^kyb_" AND NOT TARGET ${library})
      return()
    endif()
  endforeach()
  add_executable(test_${name} ${sources} ${KYB_TEST_OBJECTS})
  kyb_test_definitions(test_${name})
  target_link_libraries(test_${name} PRIVATE ${ARGN} PkgConfig::CRITERION)
  if(TARGET kyb_test_support)
    target_link_libraries(test_${name} PRIVATE kyb_test_support)
  endif()
  target_link_libraries(test_${name} PRIVATE kyb_test_flags)
  # Unit tests do not start kybdesk, so they can be built although a front end does not link yet.
  if(TARGET kybdesk AND NOT folder MATCHES "^unit/")
    add_dependencies(test_${name} kybdesk)
  endif()
  list(APPEND KYB_TEST_PROGRAMS test_${name})
  # ./dev runs it as in ./dev test: a folder of its own, checked for what is left, and a time limit.
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/dev test --in ${CMAKE_BINARY_DIR} test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 2000)
  set(KYB_TEST_PROGRAMS ${KYB_TEST_PROGRAMS} PARENT_SCOPE)
endfunction()

# Compiles sources that several programs share only once.
function(kyb_share name)
  cmake_parse_arguments(given "" "" "SOURCES;PROGRAMS;LIBRARIES" ${ARGN})
  add_library(${name} OBJECT ${given_SOURCES})
  kyb_test_definitions(${name})
  target_link_libraries(${name} PRIVATE ${given_LIBRARIES} PkgConfig::CRITERION kyb_test_support kyb_test_flags)
  foreach(program IN LISTS given_PROGRAMS)
    get_target_property(sources ${program} SOURCES)
    list(REMOVE_ITEM sources ${given_SOURCES})
    set_target_properties(${program} PROPERTIES SOURCES "${sources}")
    target_sources(${program} PRIVATE $<TARGET_OBJECTS:${name}>)
  endforeach()
endfunction()

foreach(layer base domain sandbox codec settings webhook desk cli)
  kyb_test(${layer} unit/${layer} kyb_${layer})
endforeach()
# The unit tests of these layers include internal headers of their layer.
foreach(layer domain webhook cli)
  if(TARGET test_${layer})
    target_include_directories(test_${layer} PRIVATE ${CMAKE_SOURCE_DIR}/src/${layer})
  endif()
endforeach()
# place.c decides where the stores of the tests are: here in SQLite files.
if(TARGET test_desk)
  target_sources(test_desk PRIVATE ${CMAKE_SOURCE_DIR}/tests/store/place.c)
  target_compile_definitions(test_desk PRIVATE KYB_PLACE_SQLITE)
endif()
# The receivers of test_webhook use TLS.
if(TARGET test_webhook)
  pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
  target_link_libraries(test_webhook PRIVATE PkgConfig::SSL)
endif()
kyb_test(tui unit/tui kyb_tui kyb_cli PkgConfig::SQLITE)
# The tests of permissions at the screen use the store of the desk's tests.
if(TARGET test_tui)
  target_sources(test_tui PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk/fixture.c ${CMAKE_SOURCE_DIR}/tests/store/place.c)
  target_include_directories(test_tui PRIVATE ${CMAKE_SOURCE_DIR}/src/tui ${CMAKE_SOURCE_DIR}/src/cli)
endif()
# The tests of the API and of the client's page that need no server.
kyb_test(page unit/api kyb_api)
if(TARGET test_page)
  target_include_directories(test_page PRIVATE ${CMAKE_SOURCE_DIR}/src/api)
endif()
kyb_test(rules unit/rules kyb_desk PkgConfig::JANSSON PkgConfig::SQLITE)
# test_rules uses the store of the desk's tests.
if(TARGET test_rules)
  target_sources(test_rules PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk/fixture.c ${CMAKE_SOURCE_DIR}/tests/store/place.c)
endif()
kyb_test(store store kyb_store kyb_codec PkgConfig::SQLITE)
if(TARGET test_store)
  target_compile_definitions(test_store PRIVATE KYB_PLACE_SQLITE)
endif()
# The store's tests on a PostgreSQL server, which the test program starts, except tests of what only SQLite has.
kyb_test(postgresql postgresql kyb_store kyb_codec PkgConfig::SQLITE PkgConfig::POSTGRESQL)
if(TARGET test_postgresql)
  kyb_sources(shared "^tests/store/[^/]*$")
  list(FILTER shared EXCLUDE REGEX "/(place|sqlite_test|open_test|phrase_test|about_test|recount_test|sides_test|import_test|bytes_test|mark_test|turns_test|sync_support|queue_test|list_plan_test)\\.c$")
  target_sources(test_postgresql PRIVATE ${shared})
  # Files with KYB_PLACE differ between the databases, so they are compiled for each program.
  kyb_exclude_naming(shared KYB_PLACE)
  kyb_share(kyb_store_tests SOURCES ${shared} PROGRAMS test_store test_postgresql
            LIBRARIES kyb_store kyb_codec PkgConfig::SQLITE)
endif()
# A test checks every SQL statement of the store, so the files that no test calls must be linked as well.
foreach(program test_store test_postgresql)
  if(TARGET ${program})
    target_link_options(${program} PRIVATE -Wl,--whole-archive $<TARGET_FILE:kyb_store> -Wl,--no-whole-archive)
  endif()
endforeach()
# The desk's tests on PostgreSQL, except those that read SQLite's files; the folder has the tests for PostgreSQL only.
kyb_test(postgresql_desk postgresql_desk kyb_desk PkgConfig::POSTGRESQL PkgConfig::SQLITE PkgConfig::JANSSON)
if(TARGET test_postgresql_desk)
  kyb_sources(shared "^tests/unit/desk/[^/]*$")
  list(FILTER shared EXCLUDE REGEX "/(attack_line|attack_model|attack_test|durable_test|old_store_test|matrix_gates_test)\\.c$")
  # The stories are tests that use commands.
  kyb_sources(stories "^tests/cli/[^/]*story[^/]*$")
  target_sources(test_postgresql_desk PRIVATE ${shared} ${stories} ${CMAKE_SOURCE_DIR}/tests/postgresql/server.c
    ${CMAKE_SOURCE_DIR}/tests/cli/box.c ${CMAKE_SOURCE_DIR}/tests/cli/merchant.c
    ${CMAKE_SOURCE_DIR}/tests/api/client.c ${CMAKE_SOURCE_DIR}/tests/api/contract.c
    ${CMAKE_SOURCE_DIR}/tests/screen/bench.c ${CMAKE_SOURCE_DIR}/tests/fault/site.c
    ${CMAKE_SOURCE_DIR}/tests/fault/cases.c ${CMAKE_SOURCE_DIR}/tests/fault/whole_test.c
    ${CMAKE_SOURCE_DIR}/tests/fault/race_test.c ${CMAKE_SOURCE_DIR}/tests/fault/purge_test.c)
  target_compile_definitions(test_postgresql_desk PRIVATE KYB_BOX_ON_SERVER KYB_SITE_ON_SERVER)
  target_include_directories(test_postgresql_desk PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk)
  kyb_exclude_naming(shared KYB_PLACE)
  kyb_share(kyb_desk_tests SOURCES ${shared} PROGRAMS test_desk test_postgresql_desk
            LIBRARIES kyb_desk PkgConfig::SQLITE PkgConfig::JANSSON)
endif()
# Parts of the program with threads, in programs of their own: the thread sanitizer cannot be linked with the others.
kyb_test(threads threads)
if(TARGET test_threads)
  kyb_sources(base "^src/base/[^/]*$")
  set(work ${CMAKE_SOURCE_DIR}/src/tui/jobs)
  add_library(threads_base STATIC ${base} ${work}/converter.c ${CMAKE_SOURCE_DIR}/src/tui/model/pixels.c
              ${CMAKE_SOURCE_DIR}/src/tui/model/picture_data.c
              ${CMAKE_SOURCE_DIR}/tests/support/threads/reader.c)
  target_compile_definitions(threads_base PUBLIC _GNU_SOURCE)
  target_compile_options(threads_base PUBLIC -fsanitize=thread -O1 -Wall -Wextra -Werror)
  target_link_options(threads_base PUBLIC -fsanitize=thread)
  target_include_directories(threads_base PUBLIC ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src/tui)
  target_link_libraries(threads_base PUBLIC PkgConfig::CRYPTO PkgConfig::UTF8PROC PkgConfig::ZLIB Threads::Threads)
  foreach(program threads_reader threads_planted)
    add_executable(${program} ${work}/reader.c)
    target_link_libraries(${program} PRIVATE threads_base)
    string(TOUPPER ${program} name)
    target_compile_definitions(test_threads PRIVATE KYB_${name}="$<TARGET_FILE:${program}>")
    add_dependencies(test_threads ${program})
  endforeach()
  target_compile_options(threads_planted PRIVATE -include ${CMAKE_SOURCE_DIR}/tests/support/threads/planted_lock.h)
endif()
# The fuzz targets run without a fuzzer, on the inputs in the corpus. Each target's function gets a name of its own.
kyb_test(fuzz fuzz kyb_cli kyb_api kyb_tui)
if(TARGET test_fuzz)
  target_include_directories(test_fuzz PRIVATE ${CMAKE_SOURCE_DIR}/src/cli ${CMAKE_SOURCE_DIR}/src/tui ${CMAKE_SOURCE_DIR}/tests/fuzz)
  kyb_sources(targets "^tests/fuzz/fuzz_[^/]*$")
  foreach(target IN LISTS targets)
    get_filename_component(name ${target} NAME_WE)
    set_source_files_properties(${target} PROPERTIES COMPILE_DEFINITIONS LLVMFuzzerTestOneInput=${name}_input)
  endforeach()
endif()
# Checks the sources, and the symbols of this build as the linker sees them.
kyb_test(lint lint kyb_base)
if(TARGET test_lint)
  target_compile_definitions(test_lint PRIVATE KYB_BUILD_DIR="${CMAKE_BINARY_DIR}")
endif()
# Does what an operator does: installs the program, and runs each command of docs/operating.md.
kyb_test(operating operating kyb_store kyb_codec PkgConfig::POSTGRESQL PkgConfig::SQLITE)
if(TARGET test_operating)
  target_sources(test_operating PRIVATE ${CMAKE_SOURCE_DIR}/tests/postgresql/server.c)
  target_compile_definitions(test_operating PRIVATE KYB_BUILD_DIR="${CMAKE_BINARY_DIR}")
  add_dependencies(test_operating man_page)
endif()
kyb_test(command cli kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
kyb_test(api api kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
if(TARGET test_api)
  target_sources(test_api PRIVATE ${CMAKE_SOURCE_DIR}/tests/cli/box.c)
endif()
# The tests of the command line and of the API, but for the stories, on a PostgreSQL server.
kyb_test(postgresql_front postgresql_front kyb_store PkgConfig::POSTGRESQL PkgConfig::JANSSON PkgConfig::SQLITE)
if(TARGET test_postgresql_front)
  kyb_sources(shared "^tests/(cli|api)/[^/]*$")
  list(FILTER shared EXCLUDE REGEX "/([^/]*story[^/]*|care_test\\.c|copy_test\\.c|session_test\\.c|money_test\\.c|once_test\\.c|writer_test\\.c)$")
  target_sources(test_postgresql_front PRIVATE ${shared} ${CMAKE_SOURCE_DIR}/tests/postgresql/server.c
    ${CMAKE_SOURCE_DIR}/tests/postgresql_desk/store_sum.c)
  target_compile_definitions(test_postgresql_front PRIVATE KYB_BOX_ON_SERVER)
endif()
# Each response is compared with the program's own description of the API (openapi.json).
if(TARGET kybdesk)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/openapi.json
    COMMAND sh -c "\"$1\" info --reference openapi --json >\"$2\"" sh $<TARGET_FILE:kybdesk> ${CMAKE_BINARY_DIR}/openapi.json
    DEPENDS kybdesk VERBATIM)
  add_custom_target(openapi_json DEPENDS ${CMAKE_BINARY_DIR}/openapi.json)
  foreach(program test_api test_postgresql_desk test_postgresql_front)
    if(TARGET ${program})
      add_dependencies(${program} openapi_json)
      target_compile_definitions(${program} PRIVATE KYB_OPENAPI="${CMAKE_BINARY_DIR}/openapi.json"
        KYB_OPENAPI_FOLDER="${CMAKE_BINARY_DIR}")
    endif()
  endforeach()
endif()
kyb_test(screen screen kyb_base PkgConfig::JANSSON PkgConfig::SQLITE PkgConfig::VTERM)
# The attacks at the screen use the cases of the attacks by commands.
if(TARGET test_screen)
  target_sources(test_screen PRIVATE ${CMAKE_SOURCE_DIR}/tests/cli/box.c ${CMAKE_SOURCE_DIR}/tests/cli/attack_cases.c
    ${CMAKE_SOURCE_DIR}/tests/cli/custody_cases.c)
endif()
kyb_test(fault fault kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
# kyb_preload(NAME PROGRAM…): a library that the tests of PROGRAM preload (LD_PRELOAD) into a program that they start.
function(kyb_preload preload)
  add_library(${preload} MODULE ${CMAKE_SOURCE_DIR}/tests/support/preload/${preload}.c)
  target_link_options(${preload} PRIVATE -fno-sanitize=all)
  target_compile_definitions(${preload} PRIVATE _GNU_SOURCE)
  target_include_directories(${preload} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_options(${preload} PRIVATE -fno-sanitize=all -fvisibility=default)
  string(TOUPPER ${preload} name)
  foreach(program IN LISTS ARGN)
    target_compile_definitions(${program} PRIVATE KYB_${name}="$<TARGET_FILE:${preload}>")
    add_dependencies(${program} ${preload})
  endforeach()
endfunction()
kyb_preload(person test_command test_api test_screen test_fault test_postgresql_desk test_postgresql_front)
# A converter that tries what the cage refuses; without sanitizers, which need more calls than a converter.
if(TARGET test_base)
  add_executable(cage_probe ${CMAKE_SOURCE_DIR}/tests/support/probe/cage.c)
  target_compile_options(cage_probe PRIVATE -std=c17 -Wall -Wextra -Werror)
  target_compile_definitions(cage_probe PRIVATE _GNU_SOURCE)
  target_compile_definitions(test_base PRIVATE KYB_CAGE_PROBE="$<TARGET_FILE:cage_probe>")
  add_dependencies(test_base cage_probe)
endif()
if(TARGET test_fault)
  kyb_preload(slow_resolver test_fault test_postgresql_desk)
  kyb_preload(fickle_resolver test_fault)
  kyb_preload(nth_fault test_fault)
  kyb_preload(stop_at_lock test_fault test_api test_postgresql_front)
endif()
if(TARGET test_screen)
  kyb_preload(heap_probe test_screen)
  kyb_preload(no_timeout test_screen)
  target_sources(heap_probe PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/heap.c)
endif()
# A program with tests that fail in their teardown: test_base runs it, ./dev does not.
if(TARGET test_base)
  add_executable(planted_teardown ${CMAKE_SOURCE_DIR}/tests/support/planted/teardown.c ${KYB_TEST_OBJECTS})
  target_link_libraries(planted_teardown PRIVATE kyb_test_support kyb_test_flags)
  target_compile_definitions(test_base PRIVATE KYB_PLANTED_TEARDOWN="$<TARGET_FILE:planted_teardown>")
  add_dependencies(test_base planted_teardown)
  if(KYB_SANITIZE)
    add_executable(planted_leak ${CMAKE_SOURCE_DIR}/tests/support/planted/leak.c
                   ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/leak_check.c
                   ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/fork_server.c
                   ${CMAKE_SOURCE_DIR}/tests/support/sanitizer/sqlite_memory.c)
    target_link_libraries(planted_leak PRIVATE kyb_flags PkgConfig::SQLITE)
    target_compile_definitions(test_base PRIVATE KYB_PLANTED_LEAK="$<TARGET_FILE:planted_leak>")
    add_dependencies(test_base planted_leak)
  endif()
endif()
list(JOIN KYB_TEST_PROGRAMS "\n" names)
file(WRITE ${CMAKE_BINARY_DIR}/test_programs "${names}\n")
# ./dev bench builds its tools itself. They are also compiled here, so that a header change that breaks them shows.
kyb_sources(bench "^tests/bench/[^/]*$")
add_library(bench_tools OBJECT ${bench})
target_include_directories(bench_tools PRIVATE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src/store ${CMAKE_SOURCE_DIR}/src/desk)
target_compile_definitions(bench_tools PRIVATE _GNU_SOURCE)
target_compile_options(bench_tools PRIVATE -Wall -Wextra -Werror)
target_link_libraries(bench_tools PRIVATE PkgConfig::SQLITE PkgConfig::JANSSON)
