#!/bin/sh
# Each outside library is known to one room; programs and the other rooms
# see only our headers. What is neither the C library's nor the kernel's
# must have an owner here.
. "${0%/*}/../style.sh"

rule() {
	files 'lib/*.[ch]' 'bin/*.[ch]' | xargs -r awk '
	BEGIN {
		own("net", "pcap.h pcap/ libnet.h openssl/ssl.h " \
		    "openssl/err.h xdp/")
		own("store", "sqlite3.h zstd.h")
		own("trust", "sodium.h openssl/")
		own("data", "jansson.h expat.h")
		own("web", "curl/")
		own("out", "archive.h archive_entry.h")
		own("kit", "confuse.h cap-ng.h seccomp.h ncurses.h " \
		    "linux/landlock.h linux/seccomp.h sys/capability.h")
		system_headers("assert ctype dirent dlfcn endian errno fcntl " \
		    "fnmatch ftw getopt glob grp ifaddrs inttypes langinfo " \
		    "libgen limits locale math netdb poll pthread pwd " \
		    "regex sched semaphore signal spawn stdalign stdarg " \
		    "stdatomic stdbool stddef stdint stdio stdlib " \
		    "stdnoreturn string strings syslog termios threads " \
		    "time unistd wchar wctype")
	}
	function own(room, names,	n, i, name) {
		n = split(names, name, " ")
		for (i = 1; i <= n; i++)
			owner[name[i]] = room
	}
	function system_headers(names,	n, i, name) {
		n = split(names, name, " ")
		for (i = 1; i <= n; i++)
			ours[name[i] ".h"] = 1
	}
	function owner_of(header) {
		if (header in owner)
			return owner[header]
		sub("/.*", "/", header)
		return header in owner ? owner[header] : ""
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		header = $0
		sub(/^[^<]*</, "", header)
		sub(/>.*/, "", header)
		split(FILENAME, part, "/")
		room = part[1] == "bin" ? "bin" : part[2]
		who = owner_of(header)
		if (who == room || who == "" && (header in ours || \
		    header ~ /^(sys|net|netinet|arpa|linux|asm)\//))
			next
		print FILENAME ":" FNR ": <" header "> belongs to " \
		    (who == "" ? "no room yet" : who)
	}'
}

bad lib/store/a.c 'belongs to net' <<'X'
#include <pcap.h>
X
bad lib/net/a.c 'belongs to trust' <<'X'
#include <openssl/evp.h>
X
bad bin/a.c 'belongs to data' <<'X'
# include <jansson.h>
X
bad lib/data/a.c 'no room yet' <<'X'
#include <glib.h>
X
good lib/trust/a.c <<'X'
#include <sys/stat.h>
#include <openssl/evp.h>
#include <sodium.h>
X
hold
