# tradeoff.gp - what the time saved costs: a longest pause, address space held back, interrupts.
# Data: a block for each arm compared: x of the sweep, times as fast, longest pause in ns,
# MiB held back, interrupts of each other CPU for a free, name (left out where names would overlap).
# Set: base, param, compared, interrupted (was any other CPU?).
set multiplot layout 1 + interrupted, 2 title title noenhanced
unset title
set logscale x 2
set xlabel sprintf("times as fast as %s (right is better)", base)
set format x "%g×"
set offsets graph 0.08, graph 0.08, graph 0.1, graph 0.1
set key bottom right
set logscale y 10
set ytics @time_tics
set ylabel "longest purge (lower is better)"
plot for [i = 1:compared] data index i - 1 using 2:3 with linespoints linewidth 1 \
	pointtype 7 pointsize 0.6 linecolor rgb colour[i + series - compared] \
	title label[i + series - compared], \
	for [i = 1:compared] data index i - 1 using 2:3:6 with labels offset 0, 0.8 notitle
set ytics auto
unset logscale y
set offsets graph 0.08, graph 0.08, graph 0.1, 0
set yrange [0:*]
set format y "%g"
set ylabel "held back, MiB (lower is better)"
plot for [i = 1:compared] data index i - 1 using 2:4 with linespoints linewidth 1 \
	pointtype 7 pointsize 0.6 linecolor rgb colour[i + series - compared] notitle, \
	for [i = 1:compared] data index i - 1 using 2:4:6 with labels offset 0, 0.8 notitle
if (interrupted) {
	set yrange [*:*]
	set logscale y 10
	set offsets graph 0.08, graph 0.08, graph 0.1, graph 0.1
	set ytics @count_tics
	set ylabel "interrupts/free, each other CPU"
	plot for [i = 1:compared] data index i - 1 using 2:5 with linespoints linewidth 1 \
		pointtype 7 pointsize 0.6 linecolor rgb colour[i + series - compared] notitle, \
		for [i = 1:compared] data index i - 1 using 2:5:6 with labels offset 0, 0.8 notitle
}
unset multiplot
unset output
