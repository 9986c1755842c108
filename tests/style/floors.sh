#!/bin/sh
# An include points to its own room or to one on a lower floor; kit uses
# only base; bin meets all floors.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.[ch]' 'bin/*.[ch]' | xargs -r awk '
	BEGIN {
		floor["base"] = 1; floor["data"] = 2; floor["trust"] = 3
		floor["net"] = floor["store"] = floor["web"] = 4
		floor["judge"] = 4; floor["out"] = 5; floor["kit"] = 6
	}
	FNR == 1 {
		split(FILENAME, part, "/")
		room = part[1] == "bin" ? "bin" : part[2]
		if (room != "bin" && !(room in floor))
			print FILENAME ": room " room " is on no floor"
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, quoted, "\"")
		n = split(quoted[2], to, "/")
		if (quoted[2] == "config.h" || room == "bin" && \
		    (to[1] in floor || to[1] == "bin"))
			next
		if (n != 2 || !(to[1] in floor))
			why = "is not written from lib/"
		else if (to[1] == room)
			next
		else if (room == "kit" && to[1] != "base")
			why = "kit uses base only"
		else if (floor[to[1]] >= floor[room])
			why = "points up or sideways"
		else
			next
		print FILENAME ":" FNR ": \"" quoted[2] "\" " why
	}'
}

bad lib/data/a.c 'points up' <<'X'
#include "trust/key.h"
X
bad lib/net/a.c 'sideways' <<'X'
#  include "store/state.h"
X
bad lib/kit/a.c 'kit uses base only' <<'X'
#include "data/rec.h"
X
bad lib/data/a.c 'is not written from lib/' <<'X'
#include "rec.h"
X
bad lib/attic/a.c 'on no floor' <<'X'
int x;
X
good lib/judge/a.c <<'X'
#include "judge/diff.h"
#include "data/rec.h"
#include <stdio.h>
X
hold
