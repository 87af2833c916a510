# style.gp - what all figures share: size, theme, axes of time. Comes before each template.
# Set here by trimm: name, title, data, series, label[], colour[] (and what a template names).
if (!exists("tty")) tty = 0
if (!exists("height")) height = 420
font = "system-ui,Segoe UI,Roboto,Helvetica,Arial,sans-serif"
# gnuplot knows no dark page: two CSS rules are put into its SVG on the way out.
light = "svg{background:#fff}g[fill=black]{fill:#1f2328}polygon{shape-rendering:crispEdges}"
dark = "svg{background:#161b22}g[fill=black]{fill:#e6edf3}g[color=black]{color:#e6edf3}"
css = sprintf("<style>%s@media(prefers-color-scheme:dark){%s}</style>", light, dark)
if (tty) {
	set terminal dumb noenhanced size 79,22 mono
	set output sprintf("%s.txt", name)
} else {
	set terminal svg noenhanced size 840,height font font . ",13" linewidth 1.3
	set output sprintf("| sed 's|<desc>|%s<desc>|' > %s.svg", css, name)
}
set encoding utf8
set border 3 linecolor rgb "#808080" linewidth 0.8
if (!tty) { set grid linecolor rgb "#c0808080" linetype 1 linewidth 0.6 }
set tics nomirror scale 0.5 textcolor linetype -1
set key top left Left reverse noenhanced samplen 2
set title title noenhanced
set style fill solid noborder
# Lines that touch are told apart by their points, and many names stand beside the figure.
crowded = exists("series") && series > 3
shape(i) = crowded ? int(word("7 5 9 13 11 6 4 8", (i - 1) % 8 + 1)) : 7
dot = crowded ? 0.75 : 0.5
if (crowded) { set key outside right top vertical }
# Decades of time, in words a reader knows.
set macros
time_tics = '("1 ns" 1, "10 ns" 10, "100 ns" 100, "1 µs" 1e3, "10 µs" 1e4, "100 µs" 1e5, \
	"1 ms" 1e6, "10 ms" 1e7, "100 ms" 1e8, "1 s" 1e9, "10 s" 1e10)'
# Decades of counts per operation.
count_tics = '("0.00001" 1e-5, "0.0001" 1e-4, "0.001" 1e-3, "0.01" 0.01, "0.1" 0.1, "1" 1, \
	"10" 10, "100" 100, "1,000" 1e3, "10,000" 1e4, "100,000" 1e5, "1 M" 1e6, "10 M" 1e7, \
	"100 M" 1e8, "1,000 M" 1e9)'
