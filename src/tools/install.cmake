# The files that `cmake --install` installs. During the installation, the built program writes its completions and its
# manual pages of section 1; man_page writes the pages of sections 5 and 7 from docs/.
include(GNUInstallDirs)

add_executable(man_page src/tools/man_page.c)
target_link_libraries(man_page PRIVATE kyb_flags)
find_program(GZIP gzip)

set(made ${CMAKE_BINARY_DIR}/made)
string(CONFIGURE [=[
  set(made "@made@")
  # One installation of a build at a time.
  file(LOCK "${made}.lock" GUARD PROCESS)
  file(REMOVE_RECURSE "${made}")
  file(MAKE_DIRECTORY "${made}/man1" "${made}/man5" "${made}/man7")
  # run FILE COMMAND…: writes the output of the command to a file; a failure stops the installation.
  function(run out)
    execute_process(COMMAND ${ARGN} OUTPUT_FILE "${out}" COMMAND_ERROR_IS_FATAL ANY)
  endfunction()
  set(kybdesk "@CMAKE_BINARY_DIR@/kybdesk")
  run("${made}/said" "${kybdesk}" info --reference man --folder "${made}/man1")
  run("${made}/commands.md" "${kybdesk}" info --reference markdown)
  foreach(shell bash zsh fish)
    run("${made}/kybdesk.${shell}" "${kybdesk}" completion ${shell})
  endforeach()
  function(page source section name what)
    run("${made}/man${section}/${name}.${section}" "@CMAKE_BINARY_DIR@/man_page" "@CMAKE_SOURCE_DIR@/docs/${source}.md"
      ${name} ${section} @KYB_RELEASED@ @PROJECT_VERSION@ "${what}")
  endfunction()
  page(own-files 5 kybdesk-config "settings, keys and themes of a reviewer")
  page(profiles 5 kybdesk-profile "the file that describes the workflow of a provider")
  page(filter 7 kybdesk-filter "the language that selects cases")
  # -n: without name and time, so that the same source makes the same file.
  file(GLOB pages "${made}/man?/*")
  if(NOT "@GZIP@" MATCHES "NOTFOUND")
    execute_process(COMMAND "@GZIP@" -9n ${pages} COMMAND_ERROR_IS_FATAL ANY)
  endif()
]=] script @ONLY)
# The service files contain the paths of the program and the settings, which --prefix sets only at installation.
string(CONFIGURE [=[
  set(CMAKE_INSTALL_FULL_BINDIR "${CMAKE_INSTALL_PREFIX}/@CMAKE_INSTALL_BINDIR@")
  set(CMAKE_INSTALL_FULL_SYSCONFDIR "${CMAKE_INSTALL_PREFIX}/etc")
  if(CMAKE_INSTALL_PREFIX MATCHES "^/usr(/local)?/?$")
    set(CMAKE_INSTALL_FULL_SYSCONFDIR /etc)
  endif()
  foreach(service serve deliver backup hook@)
    configure_file("@CMAKE_SOURCE_DIR@/data/service/kybdesk-${service}.service.in"
      "@made@/kybdesk-${service}.service" @ONLY)
    file(INSTALL "@made@/kybdesk-${service}.service" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
  endforeach()
  # Keeps a settings file that exists.
  if(NOT EXISTS "$ENV{DESTDIR}${CMAKE_INSTALL_FULL_SYSCONFDIR}/default/kybdesk")
    file(INSTALL "@CMAKE_SOURCE_DIR@/data/service/default" DESTINATION "${CMAKE_INSTALL_FULL_SYSCONFDIR}/default" RENAME kybdesk)
  endif()
]=] services @ONLY)
install(TARGETS kybdesk)
install(CODE "${script}")
foreach(section 1 5 7)
  install(DIRECTORY ${made}/man${section}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
# The bill of materials, if ./dev made one.
install(FILES ${CMAKE_BINARY_DIR}/kybdesk.spdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
install(FILES ${made}/kybdesk.bash RENAME kybdesk DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/kybdesk.zsh RENAME _kybdesk DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${made}/kybdesk.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The program contains its data. These files are examples to copy: a workflow, a theme, sample cases.
install(DIRECTORY data/workflows data/reasons themes DESTINATION ${CMAKE_INSTALL_DATADIR}/kybdesk)
install(DIRECTORY data/samples DESTINATION ${CMAKE_INSTALL_DATADIR}/kybdesk PATTERN generate.py EXCLUDE)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN man EXCLUDE)
install(FILES ${made}/commands.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(FILES data/service/kybdesk-serve.socket data/service/kybdesk-backup.timer DESTINATION lib/systemd/system)
install(FILES data/service/sysusers.conf RENAME kybdesk.conf DESTINATION lib/sysusers.d)
install(FILES data/service/tmpfiles.conf RENAME kybdesk.conf DESTINATION lib/tmpfiles.d)
install(CODE "${services}")
