# ipi.gp - which CPU interrupted which: how often, and how long it took. A row of panels an arm.
# Data: a block for each arm: column (to), row (from), interrupts per 1,000 operations, ns, texts
# of both, the latter in µs.
# Set: cpus, cpu[], height; sent_low, sent_high, time_low, time_high, and as texts sent_least ...
set multiplot layout series, 2 title title noenhanced \
	margins 0.075, 0.985, 126.0 / height, 1 - 66.0 / height spacing 0.09, 72.0 / height
unset key
unset grid
set border 3
set xrange [0.5:cpus + 0.5]
set yrange [cpus + 0.5:0.5]
# All that fit.
every = int(ceil(cpus / 16.0))
set xtics ()
set ytics ()
do for [i = 1:cpus:every] {
	set xtics add (cpu[i] i)
	set ytics add (cpu[i] i)
}
set ylabel "from CPU" offset 1, 0
# As the heat map's: both ends stand out from a white page and from a dark one, with white text on.
set palette defined (0 "#4263eb", 0.5 "#9a5bd0", 1 "#d6409f")
set logscale cb 10
unset colorbox
do for [s = 1:series] {
	do for [p = 3:4] {
		set cbrange [(p == 3 ? sent_low : time_low):(p == 3 ? sent_high : time_high)]
		if (s == series) {
			set xlabel "to CPU" offset 0, 0.4
			set cblabel (p == 3 ? "interrupts per 1,000 operations" : \
				"median latency (lower is better)") offset 0, 0.3
			set cbtics scale 0 ()
			if (p == 3) {
				set cbtics add (sent_least sent_low)
				set cbtics add (sent_most sent_high)
			} else {
				set cbtics add (time_least time_low)
				set cbtics add (time_most time_high)
			}
			set colorbox horizontal user origin screen (p == 3 ? 0.12 : 0.62), \
				screen 56.0 / height size screen 0.3, screen 12.0 / height
		}
		set title sprintf("%s: %s", label[s], p == 3 ? "how many" : "latency, µs") noenhanced
		plot data index s - 1 using ($1 < 1 ? NaN : $1):2:($1 - 0.48):($1 + 0.48):\
			($2 - 0.47):($2 + 0.47):(column(p) > 0 ? column(p) : NaN) \
			with boxxyerror linecolor palette, \
			data index s - 1 using ($1 < 1 || column(p) > 0 ? NaN : $1):2:($1 - 0.48):\
			($1 + 0.48):($2 - 0.47):($2 + 0.47) with boxxyerror linecolor rgb "#808080", \
			data index s - 1 using ($1 < 1 ? NaN : $1):2:p + 2 with labels \
			font font . ",11" textcolor rgb "#ffffff"
	}
}
unset multiplot
unset output
