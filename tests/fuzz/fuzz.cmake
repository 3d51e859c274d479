# libFuzzer targets, one per parser: tests/fuzz/run.sh builds and runs them with clang.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "KYB_FUZZ needs clang: CC=clang cmake -S . -B build/fuzz -DKYB_FUZZ=ON -DKYB_SANITIZE=ON")
endif()

# The code under test reports its branches to the fuzzer. -Wno-error: the project's warnings are chosen for gcc.
target_compile_options(kyb_flags INTERFACE -fsanitize=fuzzer-no-link -Wno-error)
target_link_options(kyb_flags INTERFACE -fsanitize=fuzzer-no-link)

add_custom_target(kyb_fuzzers)
# kyb_fuzz(NAME LAYER…): adds a fuzz target that calls these layers.
function(kyb_fuzz name)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz.c)
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz)
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(kyb_fuzzers fuzz_${name})
endfunction()

foreach(name session stream register bods profile filter text theme config views checkpoint)
  kyb_fuzz(${name} kyb_codec)
endforeach()
foreach(name keys own_keys pixels)
  kyb_fuzz(${name} kyb_tui)
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/tui)
endforeach()
foreach(name arguments http)
  kyb_fuzz(${name} kyb_cli kyb_api)
  target_sources(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_desk.c)
endforeach()
# This target runs commands as the program does, but the store stays open between them.
target_include_directories(fuzz_arguments PRIVATE ${CMAKE_SOURCE_DIR}/src/cli ${CMAKE_SOURCE_DIR}/tests)
target_sources(fuzz_arguments PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/test_world.c)
