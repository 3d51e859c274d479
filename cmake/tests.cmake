# One test program per folder of tests/: unit/LAYER, store, cli, api, screen, fault.
find_package(PkgConfig REQUIRED)
pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
pkg_check_modules(VTERM REQUIRED IMPORTED_TARGET vterm)
set(KYB_TEST_PROGRAMS "")

file(GLOB support CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/*.c)
# Criterion finds hooks in the program's own objects only, so every program has this one in it.
set(KYB_TEST_TEARDOWN ${CMAKE_SOURCE_DIR}/tests/support/teardown.c)
list(REMOVE_ITEM support ${KYB_TEST_TEARDOWN})
if(support)
  add_library(kyb_test_support STATIC ${support})
  target_include_directories(kyb_test_support PUBLIC ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(kyb_test_support PUBLIC kyb_flags PkgConfig::CRITERION PkgConfig::VTERM PkgConfig::JANSSON
    PkgConfig::SQLITE PkgConfig::CRYPTO Threads::Threads util)
endif()

# Criterion's own macros do not hold the strictest warnings. A library, because options of
# libraries follow the target's own, and the last one counts.
add_library(kyb_test_flags INTERFACE)
target_compile_options(kyb_test_flags INTERFACE
  -Wno-pedantic -Wno-missing-prototypes -Wno-shadow -Wno-conversion)

function(kyb_test name folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.c)
  if(NOT sources)
    return()
  endif()
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^kyb_" AND NOT TARGET ${library})
      return()
    endif()
  endforeach()
  add_executable(test_${name} ${sources} ${KYB_TEST_TEARDOWN})
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE KYB_SOURCE_DIR="${CMAKE_SOURCE_DIR}" KYB_PROGRAM="$<IF:$<TARGET_EXISTS:kybdesk>,${CMAKE_BINARY_DIR}/kybdesk,>")
  target_link_libraries(test_${name} PRIVATE ${ARGN} PkgConfig::CRITERION)
  if(TARGET kyb_test_support)
    target_link_libraries(test_${name} PRIVATE kyb_test_support)
  endif()
  target_link_libraries(test_${name} PRIVATE kyb_test_flags)
  # Unit tests start no program, so a door that does not link yet holds none of them up.
  if(TARGET kybdesk AND NOT folder MATCHES "^unit/")
    add_dependencies(test_${name} kybdesk)
  endif()
  list(APPEND KYB_TEST_PROGRAMS test_${name})
  set(KYB_TEST_PROGRAMS ${KYB_TEST_PROGRAMS} PARENT_SCOPE)
endfunction()

foreach(layer base domain codec settings webhook desk cli)
  kyb_test(${layer} unit/${layer} kyb_${layer})
endforeach()
# Where their stores lie.
if(TARGET test_desk)
  target_sources(test_desk PRIVATE ${CMAKE_SOURCE_DIR}/tests/store/place.c)
  target_compile_definitions(test_desk PRIVATE KYB_PLACE_SQLITE)
endif()
# Its receivers speak TLS.
if(TARGET test_webhook)
  pkg_check_modules(SSL REQUIRED IMPORTED_TARGET libssl)
  target_link_libraries(test_webhook PRIVATE PkgConfig::SSL)
endif()
kyb_test(tui unit/tui kyb_tui kyb_cli PkgConfig::SQLITE)
# Who may do what at the screen is tried on the desk's own kind of store.
if(TARGET test_tui)
  target_sources(test_tui PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk/fixture.c ${CMAKE_SOURCE_DIR}/tests/store/place.c)
endif()
# What of the page of a client's link needs no server.
kyb_test(page unit/api kyb_api)
if(TARGET test_page)
  target_include_directories(test_page PRIVATE ${CMAKE_SOURCE_DIR}/src/api)
endif()
kyb_test(rules unit/rules kyb_desk PkgConfig::JANSSON PkgConfig::SQLITE)
# Its rows are tried on the desk's own kind of store.
if(TARGET test_rules)
  target_sources(test_rules PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk/fixture.c ${CMAKE_SOURCE_DIR}/tests/store/place.c)
endif()
kyb_test(store store kyb_store kyb_codec PkgConfig::SQLITE)
if(TARGET test_store)
  target_compile_definitions(test_store PRIVATE KYB_PLACE_SQLITE)
endif()
# The same tests on a PostgreSQL server that the program starts; what only SQLite promises stays where it is.
kyb_test(postgresql postgresql kyb_store kyb_codec PkgConfig::SQLITE PkgConfig::POSTGRESQL)
if(TARGET test_postgresql)
  file(GLOB shared CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/store/*.c)
  list(FILTER shared EXCLUDE REGEX "/(place|sqlite_test|open_test|phrase_test|about_test|sides_test|import_test|bytes_test|mark_test|turns_test|sync_support|queue_test)\\.c$")
  target_sources(test_postgresql PRIVATE ${shared})
endif()
# The desk's own tests, too; left out are those that look into SQLite's files. Its own folder holds what is PostgreSQL's alone.
kyb_test(postgresql_desk postgresql_desk kyb_desk PkgConfig::POSTGRESQL PkgConfig::SQLITE PkgConfig::JANSSON)
if(TARGET test_postgresql_desk)
  file(GLOB shared CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/desk/*.c)
  list(FILTER shared EXCLUDE REGEX "/(attack_line|attack_model|attack_test|durable_test|old_store_test|matrix_cases|matrix_test|matrix_gates_test)\\.c$")
  # And the stories, by commands.
  file(GLOB stories CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/cli/*story*.c)
  target_sources(test_postgresql_desk PRIVATE ${shared} ${stories} ${CMAKE_SOURCE_DIR}/tests/postgresql/server.c
    ${CMAKE_SOURCE_DIR}/tests/cli/box.c ${CMAKE_SOURCE_DIR}/tests/cli/merchant.c
    ${CMAKE_SOURCE_DIR}/tests/screen/bench.c ${CMAKE_SOURCE_DIR}/tests/fault/site.c
    ${CMAKE_SOURCE_DIR}/tests/fault/cases.c ${CMAKE_SOURCE_DIR}/tests/fault/whole_test.c
    ${CMAKE_SOURCE_DIR}/tests/fault/race_test.c)
  target_compile_definitions(test_postgresql_desk PRIVATE KYB_BOX_ON_SERVER KYB_SITE_ON_SERVER)
  target_include_directories(test_postgresql_desk PRIVATE ${CMAKE_SOURCE_DIR}/tests/unit/desk)
endif()
kyb_test(command cli kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
kyb_test(api api kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
if(TARGET test_api)
  target_sources(test_api PRIVATE ${CMAKE_SOURCE_DIR}/tests/cli/box.c)
endif()
# Every answer that these tests receive is held against what the program says of itself.
if(TARGET test_api)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/openapi.json
    COMMAND sh -c "\"$1\" info --reference openapi --json >\"$2\"" sh $<TARGET_FILE:kybdesk> ${CMAKE_BINARY_DIR}/openapi.json
    DEPENDS kybdesk VERBATIM)
  add_custom_target(openapi_json DEPENDS ${CMAKE_BINARY_DIR}/openapi.json)
  add_dependencies(test_api openapi_json)
  target_compile_definitions(test_api PRIVATE KYB_OPENAPI="${CMAKE_BINARY_DIR}/openapi.json"
    KYB_OPENAPI_FOLDER="${CMAKE_BINARY_DIR}")
endif()
kyb_test(screen screen kyb_base PkgConfig::JANSSON PkgConfig::SQLITE PkgConfig::VTERM)
# The attacks by name begin with the cases that they begin with as commands.
if(TARGET test_screen)
  target_sources(test_screen PRIVATE ${CMAKE_SOURCE_DIR}/tests/cli/box.c ${CMAKE_SOURCE_DIR}/tests/cli/attack_cases.c
    ${CMAKE_SOURCE_DIR}/tests/cli/custody_cases.c)
endif()
kyb_test(fault fault kyb_base PkgConfig::JANSSON PkgConfig::SQLITE)
# What a test puts before the C library of a program it starts.
if(TARGET test_fault)
  foreach(preload slow_resolver fickle_resolver nth_fault)
    add_library(${preload} MODULE ${CMAKE_SOURCE_DIR}/tests/support/preload/${preload}.c)
    target_link_options(${preload} PRIVATE -fno-sanitize=all)
    target_compile_definitions(${preload} PRIVATE _GNU_SOURCE)
    target_include_directories(${preload} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_options(${preload} PRIVATE -fno-sanitize=all -fvisibility=default)
    string(TOUPPER ${preload} name)
    target_compile_definitions(test_fault PRIVATE KYB_${name}="$<TARGET_FILE:${preload}>")
    add_dependencies(test_fault ${preload})
  endforeach()
endif()
# Tests that go wrong while they are taken down: test_base runs them, ./dev does not.
if(TARGET test_base)
  add_executable(planted_teardown ${CMAKE_SOURCE_DIR}/tests/support/planted/teardown.c ${KYB_TEST_TEARDOWN})
  target_link_libraries(planted_teardown PRIVATE kyb_test_support kyb_test_flags)
  target_compile_definitions(test_base PRIVATE KYB_PLANTED_TEARDOWN="$<TARGET_FILE:planted_teardown>")
  add_dependencies(test_base planted_teardown)
endif()
list(JOIN KYB_TEST_PROGRAMS "\n" names)
file(WRITE ${CMAKE_BINARY_DIR}/test_programs "${names}\n")
