# Writes the version of the program, as C in OUT and as text in OUT.txt: -DROOT= -DRELEASE=0.1.0 -DOUT=. The commit comes
# from git; in a tree without git, the whole version from the file VERSION (./dev version >VERSION). It is
# - 0.1.0                     for the commit with the tag v0.1.0,
# - 0.1.0+1926.g4a71be070     for another commit: how many commits it has, and its hash; dpkg sorts by the count,
# - ….changed                 if files differ from that commit,
# - 0.1.0+0.g4a71be070        in a shallow clone, which cannot count,
# - 0.1.0+0.unknown           without git and file.
# The files are written only if the version changed, so that one object is compiled, whatever the commit.
set(version "${RELEASE}+0.unknown")

function(ask_git out)
  execute_process(COMMAND git -C "${ROOT}" ${ARGN} OUTPUT_VARIABLE said ERROR_QUIET RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    set(said "")
  endif()
  set(${out} "${said}" PARENT_SCOPE)
endfunction()

# A source tree that lies inside the repository of something else has another top.
ask_git(prefix rev-parse --show-prefix)
ask_git(hash rev-parse --verify --quiet HEAD^{commit})
if(hash AND prefix STREQUAL "")
  ask_git(tags tag --points-at HEAD --list "v${RELEASE}")
  ask_git(shallow rev-parse --is-shallow-repository)
  ask_git(changed status --porcelain --untracked-files=no)
  set(count 0)
  if(shallow STREQUAL "false")
    ask_git(count rev-list --count HEAD)
  endif()
  string(SUBSTRING "${hash}" 0 9 hash)
  set(version "${RELEASE}")
  if(NOT tags OR changed)
    set(version "${RELEASE}+${count}.g${hash}")
  endif()
  if(changed)
    string(APPEND version ".changed")
  endif()
elseif(EXISTS "${ROOT}/VERSION")
  file(READ "${ROOT}/VERSION" version)
  string(STRIP "${version}" version)
  if(NOT version MATCHES "^[0-9]+[.][0-9]+[.][0-9]+([+][0-9]+[.][0-9a-z.]+)?$")
    message(FATAL_ERROR "VERSION: \"${version}\" is not a version such as 0.1.0+1926.g4a71be070; write it in a clone with: ./dev version >VERSION")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUT}.txt" CONTENT "${version}\n" @ONLY)
file(CONFIGURE OUTPUT "${OUT}" CONTENT "#include \"kybdesk/base/version.h\"
const char program_version[] = \"${version}\";
" @ONLY)
