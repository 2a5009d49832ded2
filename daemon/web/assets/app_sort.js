// Tables with data-sort are sorted by the heading that is pressed.

const first = td => {
	const time = td.querySelector("time"), text = td.textContent.trim();
	if (time) return time.dateTime;
	const n = text.replace(/,(?=\d{3})/g, "").match(/^[<≤]?\s*(-?\d+(\.\d+)?)/);
	return n ? +n[1] : text.toLowerCase();
};

// Numbers before words: "not published" stands at the end either way.
function order(a, b, down) {
	if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
	const sign = typeof a === "number" ? a - b : a.localeCompare(b, "en");
	return down ? -sign : sign;
}

function sort(table, th) {
	const down = th.getAttribute("aria-sort") === "ascending", column = th.cellIndex;
	for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
	th.setAttribute("aria-sort", down ? "descending" : "ascending");
	for (const body of table.tBodies)
		body.append(...[...body.rows].map(tr => [first(tr.cells[column]), tr])
			.sort(([a], [b]) => order(a, b, down)).map(([, tr]) => tr));
}

for (const table of document.querySelectorAll("table[data-sort]"))
	for (const th of table.tHead.rows[0].cells) {
		if (th.querySelector("a")) continue; // the server sorts by it
		const button = document.createElement("button");
		button.type = "button";
		button.append(...th.childNodes);
		button.addEventListener("click", () => sort(table, th));
		th.append(button);
	}
