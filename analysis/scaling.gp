# scaling.gp - operations per second by CPUs, beside what perfect scaling would give.
# Data: one block a series; CPUs, operations per second, low, high, oversubscribed.
# Set: first (CPUs of the first point), ideal (its operations per second), most (CPUs).
set xrange [first - 0.3:most + 0.3]
set yrange [0:*]
set xtics 1
set format y "%.1s %c"
set xlabel "CPUs (hollow: more workers than the machine has)"
set ylabel "operations per second (higher is better)"
plot ideal / first * x with lines dashtype 2 linewidth 1 linecolor rgb "#808080" \
	title sprintf("%s, were it linear", label[1]), \
	for [i = 1:series] data index i - 1 using 1:2:3:4 with yerrorlines linewidth 2 \
	pointtype -1 linecolor rgb colour[i] title label[i], \
	for [i = 1:series] data index i - 1 using 1:($5 == 0 ? $2 : NaN) with points \
	pointtype shape(i) pointsize 0.9 linecolor rgb colour[i] notitle, \
	for [i = 1:series] data index i - 1 using 1:($5 == 1 ? $2 : NaN) with points \
	pointtype 6 pointsize 1.2 linewidth 2 linecolor rgb colour[i] notitle
unset output
