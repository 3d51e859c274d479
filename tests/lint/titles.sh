#!/bin/sh
# Reads commit titles on standard input and prints each that is over 65 characters or names no area, as in
# "store: index waiting cases for the counts". Exit 1 if there is one.
awk 'length($0) > 65 { print "commit title over 65 characters: " $0; bad = 1; next }
	!/^[a-z0-9\/_.-]+(, [a-z0-9\/_.-]+)*: ./ { print "commit title without an area: " $0; bad = 1 }
	END { exit bad }'
