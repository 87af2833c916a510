# probes.gp - what probes measured: small panels, in each a bar a power of two and arm.
# Data: for each panel a block for each arm: log2 of the value (whole; -1: it is 0), how often for
# 1,000 operations.
# Set: panels, deep (panels above each other), head[], unit[], first[], last[], least[], height.
wide = 0.86 / series
set multiplot layout deep, (panels > 1 ? 2 : 1) title title noenhanced \
	margins 0.085, 0.985, 52.0 / height, 1 - 94.0 / height spacing 0.09, 84.0 / height
set logscale y 10
set ytics @count_tics
set key at screen 0.5, screen 1 - 34.0 / height top center horizontal Left reverse samplen 1
log2(x) = log(x) / log(2)
do for [p = 1:panels] {
	span = last[p] - first[p]
	set title head[p] noenhanced
	set xrange [first[p] - 0.3:last[p] + 1.3]
	set yrange [least[p] / 3:*]
	set offsets 0, 0, graph 0.05, 0
	if (unit[p] eq "ns") {
		unset xlabel
		if (span < 8) {
			set xtics ("0" -0.5, "1 ns" 0, "4 ns" 2, "16 ns" 4, "64 ns" 6, "256 ns" 8, \
				"1 µs" log2(1e3), "4 µs" log2(4e3), "16 µs" log2(16e3), \
				"64 µs" log2(64e3), "256 µs" log2(256e3), "1 ms" log2(1e6), \
				"4 ms" log2(4e6), "16 ms" log2(16e6), "64 ms" log2(64e6), \
				"256 ms" log2(256e6), "1 s" log2(1e9), "4 s" log2(4e9))
		} else {
			set xtics ("0" -0.5, "1 ns" 0, "10 ns" log2(10), "100 ns" log2(100), \
				"1 µs" log2(1e3), "10 µs" log2(1e4), "100 µs" log2(1e5), \
				"1 ms" log2(1e6), "10 ms" log2(1e7), "100 ms" log2(1e8), \
				"1 s" log2(1e9), "10 s" log2(1e10))
		}
	} else {
		set xlabel unit[p] offset 0, 0.6 noenhanced
		every = span > 12 ? 4 : 2
		set xtics ("0" -0.5, "1" 0)
		do for [k = every:last[p] + 1:every] { set xtics add (sprintf("%.0f", 2 ** k) k) }
	}
	if (p == 2) { unset key }
	plot for [i = 1:series] data index (p - 1) * series + i - 1 \
		using ($1 + 0.07 + wide * (i - 0.5)):2:($1 + 0.07 + wide * (i - 1)):\
		($1 + 0.07 + wide * i):(least[p] / 3):2 with boxxyerror linecolor rgb colour[i] \
		title label[i]
}
unset multiplot
unset output
