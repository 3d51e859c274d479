# libFuzzer targets, one per parser: tests/fuzz/run.sh builds and runs them with clang.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "KYB_FUZZ needs clang: CC=clang cmake -S . -B build/fuzz -DKYB_FUZZ=ON -DKYB_SANITIZE=ON")
endif()

# The code under test reports its branches to the fuzzer. The project's warnings are gcc's.
target_compile_options(kyb_flags INTERFACE -fsanitize=fuzzer-no-link -Wno-error)
target_link_options(kyb_flags INTERFACE -fsanitize=fuzzer-no-link)

add_library(kyb_fuzz_support STATIC ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz.c)
target_include_directories(kyb_fuzz_support PUBLIC ${CMAKE_SOURCE_DIR}/tests/fuzz)
target_link_libraries(kyb_fuzz_support PUBLIC kyb_codec)

add_custom_target(kyb_fuzzers)
foreach(name session stream profile filter text theme config views keys)
  add_executable(fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c)
  target_link_libraries(fuzz_${name} PRIVATE kyb_fuzz_support)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(kyb_fuzzers fuzz_${name})
endforeach()
# What a key may be is the workbench's to say.
target_link_libraries(fuzz_keys PRIVATE kyb_tui)
