# histories.gp - values night by night, a small panel for each series.
# Data: three blocks for each panel: night, value, its interval; levels; changes (where, 1 if it
# stands, in words).
# Set: panels, columns, about[] (titles), first[], last[] (dates of the first and last night).
unset key
set lmargin 8
set rmargin 1
unset xtics
set ytics font ",9"
set multiplot layout int((panels + columns - 1) / columns), columns title title noenhanced
do for [p = 1:panels] {
	set title about[p] noenhanced font ",10"
	set autoscale
	stats data index 3 * (p - 1) using 2 nooutput
	set xrange [0.4:STATS_records + 0.6]
	room = STATS_max > STATS_min ? (STATS_max - STATS_min) * 0.25 : abs(STATS_max) * 0.02 + 1e-9
	set yrange [STATS_min - room:STATS_max + 2.2 * room]
	set format y (STATS_max > 5000 ? "%.1s%c" : "%g")
	set xlabel (first[p] eq last[p] ? first[p] : first[p] . " .. " . last[p]) font ",9" noenhanced offset 0, 0.5
	plot data index 3 * (p - 1) + 2 using 1:(STATS_min - room):(0):(STATS_max - STATS_min + 3.2 * room):($2 == 1 ? 0xc4432b : 0x808890) \
			with vectors nohead dashtype 2 linewidth 1 linecolor rgb variable, \
		data index 3 * (p - 1) using 1:3:(0):($4 - $3) with vectors nohead linewidth 0.6 linecolor rgb "#808890", \
		data index 3 * (p - 1) using 1:2 with points pointtype 7 pointsize 0.3 linecolor rgb "#808890", \
		data index 3 * (p - 1) + 1 using 1:2 with lines linewidth 1.6 linecolor rgb "#2f76b5", \
		data index 3 * (p - 1) + 2 using 1:(STATS_max + 1.6 * room):3 with labels font ",9" noenhanced textcolor linetype -1
}
unset multiplot
unset output
