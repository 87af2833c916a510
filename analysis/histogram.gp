# histogram.gp - how many operations took how long: one bar a power of two and series.
# Data: one block a series; log2 of the latency in ns (whole), operations.
# Set: first, last (range of column 1).
wide = 0.86 / series
set logscale y 10
set yrange [0.5:*]
set format y "10^{%T}"
set ytics ("1" 1, "10" 10, "100" 100, "1 k" 1e3, "10 k" 1e4, "100 k" 1e5, "1 M" 1e6, \
	"10 M" 1e7, "100 M" 1e8, "1 G" 1e9)
set xrange [first - 0.2:last + 1.2]
log2(x) = log(x) / log(2)
set xtics ("1 ns" 0, "16 ns" 4, "64 ns" 6, "256 ns" 8, "1 µs" log2(1e3), "4 µs" log2(4e3), \
	"16 µs" log2(16e3), "64 µs" log2(64e3), "256 µs" log2(256e3), "1 ms" log2(1e6), \
	"4 ms" log2(4e6), "16 ms" log2(16e6), "64 ms" log2(64e6), "256 ms" log2(256e6), "1 s" log2(1e9))
set xlabel "latency (left is better)"
set ylabel "operations"
set key top right
plot for [i = 1:series] data index i - 1 \
	using ($1 + 0.07 + wide * (i - 0.5)):(0.5):($1 + 0.07 + wide * (i - 1)):($1 + 0.07 + wide * i):(0.5):2 \
	with boxxyerror linecolor rgb colour[i] title label[i]
unset output
