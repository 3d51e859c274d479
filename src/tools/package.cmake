# The Debian package, made by `cpack` (`./dev package`).
set(KYB_MAINTAINER "kybdesk maintainers <maintainers@kybdesk.invalid>" CACHE STRING "name and address in the package")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME kybdesk)
# The version of the built program, which the build writes (src/tools/version.cmake).
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pack.cmake CONTENT "file(STRINGS \"${KYB_VERSION}.txt\" CPACK_PACKAGE_VERSION)\n")
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_BINARY_DIR}/pack.cmake)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_PACKAGE_CONTACT "${KYB_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "back office in a terminal for KYB and KYC reviews")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Compliance reviewers decide which businesses and people may become customers
of a payment provider. Cases arrive by import or over HTTP; a reviewer opens
a case, checks documents and owners, and approves it, rejects it or requests
corrections. Each decision is one transaction with a tamper-evident audit
record and a signed webhook.
.
The package creates the account kybdesk and starts no service.")
# The package always installs to /usr and /etc, whatever prefix the build has.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Libraries that the program loads at first use (base/late.h), so that dpkg-shlibdeps does not find them.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4, libmicrohttpd12, libpq5, ca-certificates, \
systemd | systemd-standalone-sysusers | systemd-sysusers, systemd | systemd-standalone-tmpfiles | systemd-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "poppler-utils, unzip, chafa, tesseract-ocr")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "openssh-server, postgresql, catdoc")
foreach(script postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/data/package/${script})
endforeach()
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# The files that a Debian package needs in addition to the installed ones.
configure_file(src/tools/deb.cmake ${CMAKE_BINARY_DIR}/deb.cmake @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_BINARY_DIR}/deb.cmake)
include(CPack)
