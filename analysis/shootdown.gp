# shootdown.gp - how long flushes took, by the CPUs each interrupted.
# Data: a block for each arm: class (from 0), p1, p25, median, p75, p99 in ns, flushes.
# If ways: then a block for each arm: class, ns (a line).
# Set: classes, class[], ways.
each = 0.7 / series
middle(i) = each * (i - 0.5 - series / 2.0)
set logscale y 10
set ytics @time_tics
set xrange [-0.6:classes - 0.4]
set xtics ("" -1)
do for [k = 1:classes] { set xtics add (class[k] k - 1) }
set xlabel "CPUs interrupted by the flush"
set ylabel "time of a flush (lower is better)"
set offsets 0, 0, graph 0.15, graph 0.05
set bars 0.6
set boxwidth each * 0.8
plot for [i = 1:series] data index i - 1 using ($1 + middle(i)):3:2:6:5 with candlesticks \
	whiskerbars linewidth 1.5 linecolor rgb colour[i] fillstyle transparent solid 0.35 \
	title label[i], \
	for [i = 1:series] data index i - 1 using ($1 + middle(i)):4:4:4:4 with candlesticks \
	linewidth 3 linecolor rgb colour[i] notitle, \
	for [i = 1:(ways ? series : 0)] data index series + i - 1 using 1:2 with lines \
	dashtype 2 linewidth 1.5 linecolor rgb colour[i] \
	title sprintf("%s: an interrupt's way to its handler", label[i])
unset output
