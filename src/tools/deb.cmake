# CPack runs this script before it builds the package: adds copyright and changelog, sets the permissions of Debian.
set(root "${CPACK_TEMPORARY_INSTALL_DIRECTORY}")
set(folder "${root}/usr/share/doc/kybdesk")
file(COPY_FILE "@CMAKE_SOURCE_DIR@/data/package/copyright" "${folder}/copyright")
execute_process(COMMAND env LC_ALL=C date -u -d @KYB_RELEASED@ -R OUTPUT_VARIABLE day OUTPUT_STRIP_TRAILING_WHITESPACE)
file(STRINGS "@KYB_VERSION@.txt" version)
file(WRITE "${folder}/changelog.Debian" "kybdesk (${version}-1) unstable; urgency=medium

  * Version ${version}: CHANGELOG.md says what changed.

 -- @KYB_MAINTAINER@  ${day}
")
execute_process(COMMAND gzip -9n "${folder}/changelog.Debian" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND chmod -R u=rwX,go=rX "${root}" COMMAND_ERROR_IS_FATAL ANY)
