#!/bin/sh
# Reads commit titles on standard input and prints each title that is over 65 characters or does not start with an area
# (a correct title: "store: index waiting cases for the counts"). Exits with 1 if it prints any.
awk 'length($0) > 65 { print "commit title over 65 characters: " $0; bad = 1; next }
	!/^[a-z0-9\/_.-]+(, [a-z0-9\/_.-]+)*: ./ { print "commit title without an area: " $0; bad = 1 }
	END { exit bad }'
