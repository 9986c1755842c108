#!/bin/sh
# coverage.sh LOOK...: whether these looks, the shards of one scan, walked
# together every pair of address and port of their scope.
#
# It needs nothing but their receipts, the last line of each. Every pair has
# a place in an order, from 0 on, which permutation.key fixes; that key is
# made of the seed and the scope, so that looks with equal keys share both. A
# receipt has the places that its passes walked, first and last of each
# run, and those whose probes the kernel refused. Its counts have the pairs
# on which something was concluded: fewer, where silence was not waited for.
# Whether a receipt is genuine is another question: mipo-store record checks.
#
# 0: all of it. 1: not all, and which places are missing. 2: the files are
# not looks of one scan. Places that two looks walked are said, not wrong.
set -eu

for look; do
	tail -n 1 "$look"
done | jq -rs '
	# Sorted, and one run where they touch.
	def joined: sort | reduce .[] as $r ([];
		if length > 0 and $r[0] <= .[-1][1] + 1
		then .[-1][1] = ([.[-1][1], $r[1]] | max)
		else . + [$r] end);
	def without($runs): reduce $runs[] as $r (.; [.[] |
		if $r[1] < .[0] or .[1] < $r[0] then .
		else [.[0], $r[0] - 1], [$r[1] + 1, .[1]] end |
		select(.[0] <= .[1])]);
	def places: map(.[1] - .[0] + 1) | add // 0;
	def walked: [.send_errors[].indices[]] as $unsent |
		[.passes[].intervals[]] | joined | without($unsent);
	def refuse: "coverage.sh: \(.)\n" | halt_error(2);

	if length == 0 then "usage: coverage.sh LOOK..." | refuse
	elif any(.type != "scan.end" or .passes == null or .counts == null)
	then "a file without a receipt of mipo-scan at its end" | refuse
	elif map(.permutation) | unique | length > 1
	then "looks of different seeds or scopes" | refuse
	elif any(.[] | .passes[], .send_errors[]; .more)
	then "a receipt whose list of places was cut" | refuse
	else . end |

	(.[0] | .scope_pairs // .planned) as $pairs |
	map(walked) as $looks |
	([., $looks] | transpose | map((.[1] | places) -
		(.[0].counts | add)) | map(select(. > 0))) as $open |
	($looks | add | joined) as $all |
	([[0, $pairs - 1]] | without($all)) as $gaps |
	"\($all | places) of \($pairs) pairs were walked, " +
	"\(($looks | map(places) | add) - ($all | places)) more than once",
	($gaps[] | "missing: places \(.[0]) to \(.[1])"),
	($open[] | "without a conclusion: \(.) pairs of a look"),
	if $gaps + $open == [] then empty else "" | halt_error(1) end'
