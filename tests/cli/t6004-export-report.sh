#!/bin/sh
# The page needs nothing but itself, lets no text become markup, and draws
# what is unknown as unknown.
. "${0%/*}/../lib.sh"
. "${0%/*}/../looks.sh"
need xmllint

h=2024-11-22T1
look a 1 ${h}0:00:00.000Z 22,6379 complete 198.18.0.1:22:open
look b 2 ${h}1:00:00.000Z 22,6379 degraded 198.18.0.9:6379:open
look c 3 ${h}2:00:00.000Z 22,6379 complete 198.18.0.9:6379:open
mipo-export report a b c >page

# Another parser takes it; nothing in it runs or is fetched.
xmllint --nonet --noout page 2>faults || :
empty faults
for word in '<script' 'javascript:' ' src=' '@import' '<link' '<iframe' \
	'http://' 'https://' ' onclick' ' onload'; do
	hasnt page "$word"
done
eq "urls" "$(grep -o 'url([^)]*)' page | sort -u | tr '\n' ' ')" \
	'url(#dense) url(#void) '
has page "default-src &#39;none&#39;"

# 22 was open, then nobody knew, then it was seen not open. 6379 is open
# since the partial look, which saw it.
has page 'The last looks saw 1 open port on 1 host, 1 of a risky kind.'
has page '2 <small>of 3</small>'
has page 'concludes nothing from silence: it is degraded.'
has page 'not at <time datetime="2024-11-22T12:00:00.000Z">'
has page 'class="hatch"'
has page 'scope <code>'

# Silence at the end of the time asked for is unknown as well.
mipo-export report --to 2024-11-23T00:00:00Z a c >page
has page '1 open port'
look d 4 ${h}1:00:00.000Z 22,6379 complete 198.18.0.1:22:open
look e 5 ${h}3:00:00.000Z 22,6379 complete 198.18.0.1:22:open
mipo-export report --to 2024-11-23T00:00:00Z a d c e >page
has page 'The last looks saw no open port in their scope. For 2 more'
has page 'unknown now'
has page 'twice the usual time and more'

# Text from outside stays text.
evil='<script>alert(1)</script>\"\u0027&\u202e'
{
	printf '{"network":"lab","ts":"%s0:00:01.000Z",' "$h"
	printf '"type":"alarm.start","v":1}\n'
	printf '{"code":"E02","condition":"true","episode":1,"event":"opened",'
	printf '"id":"ab-1","ip":"198.18.0.9","key":"ab","network":"lab",'
	printf '"port":6379,"proto":"tcp","reason":"%s",' "$evil"
	printf '"rule":"risky-port","severity":"high","state":"open",'
	printf '"summary":"%s","ts":"%s0:00:01.000Z",' "$evil" "$h"
	printf '"type":"alarm","v":1,"vantage":"inside"}\n'
} >alarms
frame alarms alarm 1 ',"status":"ok"'
sed -e 's/"network":"lab"/"network":"<b>\\u0022lab"/' a | sed '$d' >named
run 3 mipo-export report named alarms
xmllint --nonet --noout out 2>faults || :
empty faults
hasnt out '<script'
hasnt out '<b>&quot;'
has out '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u202e'
has out 'Network &lt;b&gt;&quot;lab'

# Nothing to show is said, not drawn.
run 3 mipo-export report - </dev/null
has out 'nothing is known of what is open'
has out 'stdin: nothing came in'
has out 'they say nothing of what is open'
hasnt out '#time'
hasnt out 'every look is conclusive'
has out 'nothing is said about them'
run 0 mipo-export report a
has out 'There is one look only'
