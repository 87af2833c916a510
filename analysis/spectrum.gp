# spectrum.gp - latency by percentile: how slow are the slowest 10, 1, 0.1 ... percent?
# Data: one block a series; 1 / (1 - fraction of operations), latency in ns.
# Set: dash[] (gnuplot dash types), slowest (largest x).
set logscale x 10
set logscale y 10
set xtics ("" 1, "50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1e3, "99.99 %%" 1e4, \
	"99.999 %%" 1e5, "99.9999 %%" 1e6, "" 1e7, "" 1e8)
set ytics @time_tics
set xrange [1:slowest]
set xlabel "fastest share of operations"
set ylabel "latency (lower is better)"
plot for [i = 1:series] data index i - 1 using 1:2 with lines linewidth 2 \
	linecolor rgb colour[i] dashtype dash[i] title label[i]
unset output
