# cost.gp - time per operation over a swept number, a line an arm.
# Data: a block for each arm: x, median in ns, low, high.
# Set: param, logarithmic (the swept number), wide (times span more than one scale can show
# linearly).
if (logarithmic) { set logscale x 2 }
set xlabel param
set ylabel "time per operation (lower is better)"
if (wide) {
	set logscale y 10
	set key outside right top vertical
	set ytics @time_tics
} else {
	set offsets graph 0.02, graph 0.02, graph 0.15, 0
	set yrange [0:*]
	set format y "%g ns"
}
if (tty) {
	plot for [i = 1:series] data index i - 1 using 1:2 with linespoints title label[i]
} else {
	plot for [i = 1:series] data index i - 1 using 1:3:4 with filledcurves \
		fillstyle transparent solid 0.25 linecolor rgb colour[i] notitle, \
		for [i = 1:series] data index i - 1 using 1:2 with linespoints linewidth 2 \
		pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
}
unset output
