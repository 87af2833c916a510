# causes.gp - the time of operations, and below it what interrupted them, by cause: stacked bars.
# Data: for each panel (all; the slowest) two blocks: row, from and to in ns an operation, colour;
# row, end of its bar in ns, text.
# Set: rows, row[], causes, cause[], shade[], head_all, head_tail, most[] (ns), scale[] (ns in a
# unit), unit[], height.
set multiplot layout 2, 1 title title noenhanced \
	margins 0.21, 0.965, 142.0 / height, 1 - 66.0 / height spacing 0, 104.0 / height
set yrange [rows + 0.6:0.4]
set ytics ()
do for [i = 1:rows] { set ytics add (row[i] i) }
unset grid
set grid xtics linecolor rgb "#c0808080" linetype 1 linewidth 0.6
set format x "%g"
set offsets 0, 0, 0, 0
unset key
do for [p = 1:2] {
	set title (p == 1 ? head_all : head_tail) noenhanced
	# Room for the texts behind the bars.
	set xrange [0:most[p] / scale[p] * 1.14]
	set xlabel sprintf("%s per operation", unit[p]) offset 0, 0.4
	if (p == 2) {
		set key at screen 0.5, screen 8.0 / height bottom center horizontal \
			maxcols 4 maxrows 3 Left reverse samplen 1 width 1
	}
	# A legend of what is in either panel.
	plot data index 2 * p - 2 using ($1 < 1 ? NaN : $2 / scale[p]):1:($2 / scale[p]):\
		($3 / scale[p]):($1 - 0.36):($1 + 0.36):4 with boxxyerror linecolor rgb variable \
		notitle, \
		data index 2 * p - 1 using ($1 < 1 ? NaN : $2 / scale[p]):1:3 with labels left \
		offset 0.6, 0 font font . ",11" notitle, \
		for [i = 1:causes] NaN with boxes linecolor rgb shade[i] title cause[i]
}
unset multiplot
unset output
