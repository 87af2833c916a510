# ratios.gp - how much each case changed, a line a case; right of the line is more.
# Data: line, case, ratio, from, to, 0 | 1 worse | 2 better; then such of second invocations.
# Set: lines, longest (characters of a name), wide (the axis is logarithmic), most (the largest change, as a logarithm).
# Room for the longest name, but not for one that leaves none for the figure.
left = longest * 7.3 / 840 + 0.03
set lmargin at screen (left < 0.12 ? 0.12 : left > 0.6 ? 0.6 : left)
set rmargin at screen 0.97
unset key
set yrange [lines + 0.6:0.4]
set ytics scale 0
unset grid
set grid xtics linecolor rgb "#c0808080" linetype 1 linewidth 0.6
if (wide) {
	set logscale x 2
	edge = exp(most) * 1.15
	set xrange [1 / edge:edge]
	set xtics ('1/1024×' 1.0 / 1024, '1/256×' 1.0 / 256, '1/64×' 1.0 / 64, '1/16×' 1.0 / 16, '1/8×' 0.125, \
		'1/4×' 0.25, '1/2×' 0.5, '1×' 1, '2×' 2, '4×' 4, '8×' 8, '16×' 16, '64×' 64, '256×' 256, '1024×' 1024)
	if (most < 0.8) { set xtics ('0.4×' 0.4, '0.5×' 0.5, '0.6×' 0.6, '0.7×' 0.7, '0.8×' 0.8, '0.9×' 0.9, '1×' 1, \
		'1.2×' 1.2, '1.4×' 1.4, '1.6×' 1.6, '1.8×' 1.8, '2×' 2, '2.5×' 2.5) }
	if (most > 3) { set xtics ('1/65536×' 2.0 ** -16, '1/4096×' 2.0 ** -12, '1/256×' 1.0 / 256, '1/16×' 1.0 / 16, \
		'1×' 1, '16×' 16, '256×' 256, '4096×' 4096, '65536×' 65536) }
	set xlabel "times the base (left is less)"
	x(r) = r
	middle = 1
} else {
	edge = 100 * (exp(most) - 1) * 1.1
	set xrange [-edge:edge]
	set xlabel "change, % (left is less)"
	x(r) = 100 * (r - 1)
	middle = 0
}
set arrow from middle, graph 0 to middle, graph 1 nohead linecolor rgb "#808080" linewidth 1.2
tone(t) = t == 1 ? 0xc4432b : t == 2 ? 0x2a8f57 : 0x808890
plot data index 0 using (x($3)):1:(x($4)):(x($5)):(tone($6)):ytic(2) with xerrorbars \
		pointtype 7 pointsize 0.7 linewidth 1.6 linecolor rgb variable, \
	data index 1 using (x($3)):($1 + 0.3):(x($4)):(x($5)):(tone($6)) with xerrorbars \
		pointtype 6 pointsize 0.4 linewidth 0.8 linecolor rgb variable
unset output
