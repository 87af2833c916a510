# threshold.gp - what a threshold of lazy flushing gives and takes, a panel each.
# Data: a block for each line: place of the threshold, frees per second (median, low, high), longest
# purge and p99.99 of a free in ns, interrupts that each other CPU takes for a free, MiB held back.
# Set: param, last (place), tic[] (thresholds), timed, interrupted, held (which panels), wide
# (interrupts on a logarithmic scale).
set multiplot layout (timed ? 2 : 1), (interrupted + held + 2 * timed > 1 ? 2 : 1) title title noenhanced
unset title
set xrange [0.6:last + 0.4]
set xtics ()
do for [i = 1:last] { set xtics add (tic[i] i) }
set lmargin 12
set rmargin 2
if (series < 2) { unset key }
set offsets 0, 0, graph 0.2, 0
# Higher is better in the first panel only: what is gained; the others are what it costs.
if (timed) {
	set yrange [0:*]
	set format y "%.1s %c"
	set ylabel "operations/s (more is better)"
	plot for [i = 1:series] data index i - 1 using 1:2:3:4 with yerrorlines linewidth 2 \
		pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
	set logscale y 10
	set yrange [*:*]
	set format y
	set ytics @time_tics
	set ylabel "pause (lower is better)"
	set key top left Left reverse
	plot for [i = 1:series] data index i - 1 using 1:5 with linespoints linewidth 2 \
		pointtype shape(i) pointsize dot linecolor rgb colour[i] \
		title (i == 1 ? "longest purge" : ""), \
		for [i = 1:series] data index i - 1 using 1:6 with linespoints dashtype 2 \
		linewidth 1.5 pointtype shape(i) pointsize dot linecolor rgb colour[i] \
		title (i == 1 ? "p99.99 of a free" : "")
	unset logscale y
	unset key
}
set xlabel param
if (interrupted) {
	set ylabel "interrupts/free, each other CPU"
	set yrange [0:*]
	set format y "%g"
	set ytics autofreq
	if (wide) {
		set yrange [*:*]
		set logscale y 10
		set ytics @count_tics
	}
	plot for [i = 1:series] data index i - 1 using 1:7 with linespoints linewidth 2 \
		pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
	unset logscale y
}
if (held) {
	set ylabel "held back, MiB (lower is better)"
	set yrange [0:*]
	set format y "%g"
	set ytics autofreq
	plot for [i = 1:series] data index i - 1 using 1:8 with linespoints linewidth 2 \
		pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
}
unset multiplot
unset output
