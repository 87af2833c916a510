# eras.gp - what an operation took in each era of Linux, a panel for each case or count.
# Data: a block for each panel: number, era, value, its interval, the value in words.
# Set: panels, about[] (titles), wide[] (logarithmic).
unset key
set lmargin 9
set boxwidth 0.7
set xtics scale 0 font ",10"
set ytics font ",10"
set multiplot layout int((panels + 1) / 2), (panels > 1 ? 2 : 1) title title noenhanced
do for [p = 1:panels] {
	set title about[p] noenhanced font ",11"
	unset logscale y
	set autoscale
	stats data index p - 1 using 3 nooutput
	set format y (STATS_max > 5000 ? "%.0s%c" : "%g")
	# An interval that one disturbed block made long would leave no room for the bars.
	if (wide[p]) { set logscale y; set format y "%g"; set yrange [STATS_min / 3:STATS_max * 5] } \
	else { set yrange [0:STATS_max * 1.3] }
	set xrange [0.4:STATS_records + 0.6]
	plot data index p - 1 using 1:3:xtic(2) with boxes linecolor rgb "#5b8db8", \
		data index p - 1 using 1:4:(0):($5 - $4) with vectors nohead linecolor rgb "#808080" linewidth 1, \
		data index p - 1 using 1:3:6 with labels offset 0, 0.6 font ",9" textcolor linetype -1 noenhanced
}
unset multiplot
unset output
