// Draws each <figure data-chart> from the table on the page: table in, SVG out.
// Nothing is computed here. Every rate, limit and signal is a cell, so that
// suppression happens once, on the server, and what the table does not say can't
// be drawn. Without this script the table stands.
//
// Columns are known by data-col of their headings:
//   run       period value [mean lower upper signal]: a run chart with limits
//   funnel    name n value [signal]; data-limits: the id of a table with
//             n low998 low95 up95 up998; data-center: the figure of all
//   interval  name value: a dot is exact, a bar with two ends is a range;
//             data-center: "53.2|any need 53.2%"
//   bars      name value: from zero; a range ends twice
// Rows: data-level="group" is above those that follow, data-on is the chosen
// one. The figure: data-unit="%", data-domain="40 85", data-small (one of
// several side by side), data-height, data-mark="2026-07|words" with data-note
// behind it, data-table: the id of a table outside.
import * as Plot from "@observablehq/plot";
import {caption, csv, rows as read} from "./charts_table.js";

// The stylesheet's colors, as attributes: a saved chart looks the same.
const token = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const ink = token("ink"), soft = token("soft"), line = token("line"), hair = token("hair");
const band = token("faint"), paper = token("paper"), range = token("range");
const tones = {better: token("blue"), concern: token("concern")};
const tone = row => tones[row.kind] || soft;
const small = {fontSize: 12, fill: soft};
const halo = {stroke: paper, strokeWidth: 4, strokeLinejoin: "round"};

const at = name => row => row[name].lo;
const words = (rows, ...options) => Plot.text(rows, Object.assign({}, small, ...options));
const number = unit => d => d.toLocaleString("en-US") + unit;
const percent = number("%");

// Dots: shape and color say the same thing.
function dots(rows, place, r) {
	const of = kind => rows.filter(row => row.kind === kind);
	const edge = {...place, stroke: paper, strokeWidth: 1};
	return [
		Plot.dot(of("plain"), {...edge, r, fill: soft}),
		Plot.dot(of("open"), {...place, r: r + 0.5, fill: paper, stroke: soft, strokeWidth: 1.5}),
		Plot.dot(of("better"), {...edge, r: r + 1.5, symbol: "triangle", fill: tones.better}),
		Plot.dot(of("concern"), {...edge, r: r + 1.5, symbol: "triangle", rotate: 180, fill: tones.concern}),
	];
}

const grid = format => [
	Plot.gridY({ticks: 5, stroke: hair, strokeOpacity: 1}),
	Plot.axisY({ticks: 5, tickSize: 0, tickFormat: format, fontSize: 12, color: soft, label: null}),
];

// The limits at the right end, by name where there is room.
function ends(limits, x, roomy, format) {
	const last = limits.slice(-1);
	const one = (col, name, fill) => last.length && Number.isFinite(last[0][col]?.lo)
		? words(last, {x, y: at(col), dx: 9, textAnchor: "start", fill,
			text: row => roomy ? `${name} ${row[col].text}` : format(Math.round(row[col].lo))})
		: null;
	return [one("upper", "upper limit", soft), one("mean", "mean", ink), one("lower", "lower limit", soft)];
}

// First and last date on a small chart, half-years on a large one.
function dates(rows, x, roomy, few) {
	if (few) {
		const edge = (row, textAnchor, dx) => words([row], {x, dx, textAnchor, dy: 7,
			frameAnchor: "bottom", lineAnchor: "top", text: r => r.period.text});
		return [edge(rows[0], "start", -5), edge(rows.at(-1), "end", 5)];
	}
	const said = (d, form) => d.toLocaleString("en-US", {timeZone: "UTC", ...form});
	const each = rows.length > 8 ? (roomy ? 6 : 12) : 1;
	return [Plot.axisX(rows.map(x).filter(d => d.getUTCMonth() % each === 0), {
		tickSize: 4, fontSize: 12, lineHeight: 1.2, color: soft, label: null,
		tickFormat: d => said(d, {month: "short"}) + "\n" + said(d, {year: "numeric"}),
	})];
}

// "TA began": an upright line, its words on the side where there is room.
function event(mark, rows, x, note) {
	if (!mark) return [];
	const late = mark.date > x(rows[rows.length >> 1]);
	const top = {x: "date", frameAnchor: "top", lineAnchor: "top", dy: -20};
	return [
		Plot.ruleX([mark], {x: "date", stroke: ink, strokeDasharray: "2,3"}),
		words([mark], top, {text: "text", fill: ink, textAnchor: late ? "end" : "start", dx: late && note ? -6 : 4}),
		note ? words([mark], top, {text: () => note, textAnchor: "start", dx: 6}) : null,
	];
}

function run(rows, {width, few, height, domain, unit, mark, note}) {
	const x = row => row.period.date, y = at("value"), format = number(unit);
	const roomy = !few && width > 480, exact = rows.filter(row => row.exact);
	const limits = rows.filter(row => row.known && Number.isFinite(row.mean?.lo));
	const banded = limits.filter(row => Number.isFinite(row.lower?.lo) && Number.isFinite(row.upper?.lo));
	return Plot.plot({
		width, height: height || (few ? 148 : 320), className: "plot",
		marginLeft: few ? 2 : 44, marginRight: roomy ? 116 : 46,
		marginTop: few ? 22 : 28, marginBottom: few ? 24 : 40,
		x: {type: "utc", domain: [x(rows[0]), x(rows.at(-1))], inset: few ? 5 : 8, axis: null},
		y: {domain, axis: null, ...(domain ? {} : {zero: true, nice: true})},
		marks: [
			few ? null : grid(format),
			Plot.areaY(banded, {x, y1: at("lower"), y2: at("upper"), fill: band, curve: "step"}),
			Plot.line(limits, {x, y: at("mean"), stroke: line, strokeWidth: 1.5}),
			dates(rows, x, roomy, few),
			event(mark, rows, x, note),
			// No line leads over a month that is not known.
			Plot.line(rows, {x, y: row => row.exact && row.kind !== "open" ? y(row) : NaN, stroke: soft, strokeWidth: 1.25}),
			Plot.ruleX(rows.filter(row => row.known && !row.exact), {x, y1: y, y2: row => row.value.hi,
				stroke: tone, strokeWidth: 5, strokeOpacity: row => row.kind === "open" ? 0.5 : 1}),
			dots(exact, {x, y}, few ? 2.5 : 3.5),
			ends(limits, () => x(rows.at(-1)), roomy, format),
			roomy ? Plot.text(exact.slice(-1), {x, y, text: row => row.value.text, dy: -15,
				fontSize: 14, fontWeight: 700, fill: tone, ...halo}) : null,
		],
	});
}

function funnel(rows, {width, domain, limits, center, size}) {
	const roomy = width > 520, n = at("n"), y = at("value"), last = limits.slice(-1);
	const curve = (col, strokeDasharray) => Plot.line(limits,
		{x: n, y: at(col), stroke: line, strokeWidth: 1.25, strokeDasharray, clip: true});
	const side = (place, text, dy) => words(last, {x: n, y: place, text: () => text, dx: 6, dy, textAnchor: "start"});
	const names = (below, on) => Plot.text(rows.filter(row => y(row) < center === below && row.on === on), {
		x: n, y, ...halo, fontSize: 13, fontWeight: on ? 700 : 400, dy: below ? 18 : -18,
		text: row => roomy ? `${row.name.text} ${row.value.text}` : row.name.text,
		fill: row => tones[row.kind] || ink,
	});
	return Plot.plot({
		width, height: roomy ? 380 : 320, className: "plot",
		marginLeft: 44, marginRight: roomy ? 92 : 46, marginTop: 12, marginBottom: 48,
		x: {domain: [0, n(last[0])]}, y: {domain},
		marks: [
			grid(percent),
			Plot.axisX({ticks: roomy ? 8 : 4, tickSize: 4, fontSize: 12, color: soft, label: size,
				labelAnchor: "center", labelArrow: "none", labelOffset: 44}),
			Plot.areaY(limits, {x: n, y1: at("low998"), y2: at("up998"), fill: band, clip: true}),
			curve("low998"), curve("up998"), curve("low95", "4,3"), curve("up95", "4,3"),
			Plot.ruleY([center], {stroke: soft}),
			roomy ? [side(at("up998"), "99.8%", -4), side(at("up95"), "95%", 2)] : null,
			side(() => center, (roomy ? "state " : "") + percent(center), 0),
			dots(rows, {x: n, y}, 5),
			names(true, true), names(true, false), names(false, true), names(false, false),
		],
	});
}

// Rows one under the other: names at the left, or above where it is narrow.
function listed(rows, width, {wide, step, marginTop}, x, marks) {
	const roomy = width > 560, left = roomy ? wide : 2;
	const name = group => Plot.text(rows.filter(row => row.group === group), {
		x: x[0], y: "i", text: row => row.name.text, textAnchor: "start", fontSize: 14, fill: ink, ...halo,
		dx: (group ? 0 : 14) - (roomy ? left : 0), dy: roomy ? 0 : -15, fontWeight: group ? 700 : 400,
	});
	return Plot.plot({
		width, height: rows.length * (roomy ? step : 46) + marginTop + 30, className: "plot",
		marginLeft: left, marginRight: roomy ? 104 : 14, marginTop, marginBottom: 30,
		x: {domain: x, axis: null}, y: {domain: [rows.length - 0.5, -0.6], axis: null},
		marks: [
			...marks, name(true), name(false),
			words(rows.filter(row => !row.known), {x: x[0], y: "i", text: row => row.value.text, dx: 6, textAnchor: "start", ...halo}),
			roomy ? words(rows.filter(row => row.known), {x: x[1], y: "i", dx: 14, textAnchor: "start", text: row => row.value.text}) : null,
		],
	});
}

const scale = (ticks, format) => [
	Plot.ruleX(ticks, {stroke: hair}),
	Plot.axisX(ticks, {tickSize: 0, tickFormat: format, fontSize: 12, color: soft, label: null}),
];
const spans = rows => Plot.link(rows.filter(row => row.known && !row.exact),
	{x1: at("value"), x2: row => row.value.hi, y1: "i", y2: "i", stroke: range, strokeWidth: 10});

function interval(rows, {width, center, domain}) {
	const x = domain || [0, 100], ticks = [0, 0.25, 0.5, 0.75, 1].map(d => x[0] + d * (x[1] - x[0]));
	const dot = group => Plot.dot(rows.filter(row => row.exact && row.group === group),
		{x: at("value"), y: "i", r: group ? 6 : 5, fill: group ? ink : tones.better});
	return listed(rows, width, {wide: 184, step: 30, marginTop: 34}, x, [
		scale(ticks, percent),
		center ? [Plot.ruleX([center.value], {stroke: soft}),
			words([center], {x: "value", frameAnchor: "top", dy: -22, lineAnchor: "top", text: "text", fill: ink})] : null,
		spans(rows), dot(true), dot(false),
	]);
}

function bars(rows, {width, domain, unit}) {
	const most = Math.max(1, ...rows.filter(row => row.known).map(row => row.value.hi));
	const x = domain || [0, most], bar = {x1: x[0], y1: row => row.i - 0.3, y2: row => row.i + 0.3};
	return listed(rows, width, {wide: 184, step: 30, marginTop: 8}, x, [
		Plot.ruleX([x[0]], {stroke: soft}),
		Plot.axisX({ticks: 4, tickSize: 0, tickFormat: number(unit), fontSize: 12, color: soft, label: null}),
		Plot.rect(rows.filter(row => row.known), {...bar, x2: at("value"), fill: row => row.on ? tones.better : soft}),
		Plot.rect(rows.filter(row => row.known && !row.exact), {...bar, x1: at("value"), x2: row => row.value.hi, fill: range}),
	]);
}

const CHARTS = {run, funnel, interval, bars};

// "2026-07|words" or "53.2|words"
function pair(text) {
	if (!text) return null;
	const [first, words] = text.split("|");
	return {date: new Date(first), value: parseFloat(first), text: words};
}

const tableOf = figure => figure.dataset.table
	? document.getElementById(figure.dataset.table) : figure.querySelector("table");

function draw(figure) {
	const d = figure.dataset, place = figure.querySelector(".chart"), table = tableOf(figure);
	const width = Math.round(place.clientWidth), data = read(table);
	if (!width || !data.length || +place.dataset.width === width) return;
	const svg = CHARTS[d.chart](data, {
		width, few: "small" in d, height: +d.height, unit: d.unit || "", note: d.note, mark: pair(d.mark),
		domain: d.domain ? d.domain.split(" ").map(Number) : undefined,
		center: d.chart === "funnel" ? +d.center : pair(d.center),
		limits: d.limits && read(document.getElementById(d.limits)),
		size: d.size || "How many it is of",
	});
	// The policy forbids the style that Plot puts in: it stands in the
	// stylesheet, under .plot. Labels on groups would be read one by one.
	svg.querySelectorAll("style").forEach(style => style.remove());
	svg.querySelectorAll("[aria-label]").forEach(group => group.removeAttribute("aria-label"));
	svg.setAttribute("role", "img");
	svg.setAttribute("aria-label", "Chart: " + caption(table));
	place.dataset.width = width;
	place.replaceChildren(svg);
}

// ---- saving

function save(name, type, text) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(new Blob([text], {type}));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A file that leaves the page takes along what it is and where it is from.
const source = table => [caption(table), document.querySelector(".synthetic")?.textContent.trim().replace(/\s+/g, " "),
	`${document.title}, ${location.origin}${location.pathname}${location.search}`].filter(Boolean);

function svgText(figure, table) {
	const svg = figure.querySelector("svg.plot").cloneNode(true);
	for (const [element, text] of [["desc", source(table).slice(1).join("\n")], ["title", caption(table)]]) {
		const node = document.createElementNS("http://www.w3.org/2000/svg", element);
		node.textContent = text;
		svg.prepend(node);
	}
	svg.setAttribute("font-family", "Arial, sans-serif");
	return new XMLSerializer().serializeToString(svg);
}

function offer(figure) {
	const table = tableOf(figure), bar = document.createElement("p");
	const name = caption(table).toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
	const button = (text, act) => {
		const b = document.createElement("button"), of = document.createElement("span");
		of.className = "sr";
		of.textContent = " of " + caption(table);
		b.type = "button";
		b.className = "link";
		b.append(text, of);
		b.addEventListener("click", act);
		bar.append(b);
	};
	bar.className = "save";
	button("Save chart (SVG)", () => save(name + ".svg", "image/svg+xml", svgText(figure, table)));
	button("Save table (CSV)", () => save(name + ".csv", "text/csv;charset=utf-8", csv(table, source(table))));
	const details = table.closest("details");
	(details && figure.contains(details) ? details : figure).append(bar);
}

const watch = new ResizeObserver(list => list.forEach(seen => draw(seen.target.closest("figure"))));
document.querySelectorAll("figure[data-chart]").forEach(figure => {
	draw(figure);
	offer(figure);
	watch.observe(figure.querySelector(".chart"));
});
document.documentElement.dataset.charts = "drawn";
