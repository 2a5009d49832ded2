// Reads a table of figures, and writes it as CSV.

// What a cell says: its text, its ends ("34 to 41" is a range) and its date.
function cell(td) {
	const text = td.textContent.trim().replace(/\s+/g, " "), time = td.querySelector("time");
	const ends = (text.replace(/,(?=\d{3})/g, "").match(/\d+(\.\d+)?/g) || []).map(Number);
	return {text, lo: ends[0], hi: ends.at(-1), date: time && new Date(time.dateTime)};
}

// Shape and color of a signal follow from the sign that its words begin with.
const KINDS = {"▼": "concern", "▲": "better", "○": "open"};

export function rows(table) {
	const names = [...table.tHead.rows[0].cells].map(th => th.dataset.col);
	return [...table.tBodies].flatMap(body => [...body.rows]).map((tr, i) => {
		const row = {i, group: tr.dataset.level === "group", on: "on" in tr.dataset};
		[...tr.cells].forEach((td, c) => { if (names[c]) row[names[c]] = cell(td); });
		row.known = Number.isFinite(row.value?.lo);
		row.exact = row.known && row.value.lo === row.value.hi;
		row.kind = KINDS[row.signal?.text[0]] || "plain";
		return row;
	});
}

export const caption = table => table.caption.textContent.trim().replace(/\s+/g, " ");

// A cell that a spreadsheet would take for a formula is marked as text.
const quote = text => {
	const safe = /^[=+\-@\t]/.test(text) && !/^[+-]?[\d.,]+%?$/.test(text) ? "'" + text : text;
	return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

export function csv(table, source) {
	const lines = [...table.rows].map(tr => [...tr.cells].map(td => quote(cell(td).text)).join(","));
	return [...source.map(line => "# " + line), ...lines].join("\r\n") + "\r\n";
}
