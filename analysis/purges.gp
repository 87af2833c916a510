# purges.gp - purges over time, a lane an arm and CPU; below, what waited for them.
# Data: a block for each arm: from, to (s), lane, length as a share of the longest; then a block
# for each arm: s, MiB that wait.
# Set: lanes, lane[], longest (text), until (s), waiting (there is any), sampled (not only known at
# purges), above (height of the lanes), untimed (purges of no known length), height.
set multiplot title title noenhanced
unset title
set lmargin at screen 0.17
set rmargin at screen 0.975
set xrange [0:until]
unset grid
set border 1
set yrange [lanes + 0.5:0.45]
set ytics scale 0 ()
do for [i = 1:lanes] { set ytics add (lane[i] i) }
set tmargin at screen 1 - 62.0 / height
set bmargin at screen 1 - (28.0 + above) / height
if (!waiting) { set xlabel "time since the first event (s)" }
set label 1 sprintf("the highest: %s%s", longest, untimed > 0 ? ", dots: not known" : "") \
	at screen 0.17, screen 1 - 44.0 / height noenhanced
unset key
do for [i = 1:lanes] {
	set arrow i from 0, i + 0.4 to until, i + 0.4 nohead linecolor rgb "#c0808080" linewidth 0.6
}
# Thinner than a line nothing would show.
thin = until / 700
plot for [i = 1:series] data index i - 1 using 1:3:1:($2 - $1 > thin ? $2 : $1 + thin):\
	($3 + 0.4):($4 > 0 ? $3 + 0.4 - 0.78 * $4 : NaN) with boxxyerror linecolor rgb colour[i], \
	for [i = 1:series] data index i - 1 using 1:($4 > 0 ? NaN : $3 + 0.3) with points \
	pointtype 7 pointsize 0.35 linecolor rgb colour[i]
if (waiting) {
	unset label 1
	do for [i = 1:lanes] { unset arrow i }
	set border 3
	set grid linecolor rgb "#c0808080" linetype 1 linewidth 0.6
	set tmargin at screen 1 - (68.0 + above) / height
	set bmargin at screen 58.0 / height
	set ytics scale 0.5 autofreq
	set yrange [0:*]
	set offsets 0, 0, graph 0.1, 0
	set ylabel (sampled ? "MiB that wait" : "MiB purged at once")
	set xlabel "time since the first event (s)"
	if (sampled) {
		plot for [i = 1:series] data index series + i - 1 using 1:2 with linespoints \
			pointtype 7 pointsize 0.25 linewidth 0.8 linecolor rgb colour[i]
	} else {
		plot for [i = 1:series] data index series + i - 1 using 1:2 with impulses \
			linewidth 1.2 linecolor rgb colour[i]
	}
}
unset multiplot
unset output
