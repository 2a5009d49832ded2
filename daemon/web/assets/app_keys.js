// Keys: "/" leads to the find box, "?" lists what there is, and an element with
// data-key="c" is pressed by that key. They can be turned off (WCAG 2.1.4); that
// is the one thing kept in the browser.

const OFF = "keys-off";
const typing = target => target.closest("input, select, textarea, dialog, [contenteditable]");

function entry(list, key, text) {
	const dt = document.createElement("dt"), dd = document.createElement("dd"), kbd = document.createElement("kbd");
	kbd.textContent = key;
	dt.append(kbd);
	dd.textContent = text;
	list.append(dt, dd);
}

function help(keyed) {
	const dialog = document.createElement("dialog"), title = document.createElement("h2");
	const list = document.createElement("dl"), form = document.createElement("form");
	const label = document.createElement("label"), box = document.createElement("input"), row = document.createElement("p");
	const close = document.createElement("button");
	title.textContent = "Keys on this page";
	title.id = "keys";
	dialog.setAttribute("aria-labelledby", "keys");
	if (document.getElementById("find")) entry(list, "/", "Find");
	for (const [key, element] of keyed) entry(list, key, element.textContent.trim().replace(/\s+/g, " "));
	entry(list, "?", "This list");
	box.type = "checkbox";
	box.id = "keys-on";
	box.checked = !localStorage.getItem(OFF);
	box.addEventListener("change", () => box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
	label.htmlFor = box.id;
	label.textContent = "Single keys work (“?” always does)";
	row.className = "choice";
	row.append(box, label);
	close.className = "btn";
	close.textContent = "Close";
	form.method = "dialog";
	form.append(row, close);
	dialog.append(title, list, form);
	document.body.append(dialog);
	return dialog;
}

const keyed = new Map([...document.querySelectorAll("[data-key]")].map(element => [element.dataset.key, element]));
let dialog = null;

document.addEventListener("keydown", event => {
	if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
	if (event.key === "?") {
		dialog = dialog || help(keyed);
		dialog.showModal();
	} else if (localStorage.getItem(OFF)) {
		return;
	} else if (event.key === "/" && document.getElementById("find")) {
		document.getElementById("find").focus();
	} else if (keyed.has(event.key)) {
		keyed.get(event.key).click();
	} else {
		return;
	}
	event.preventDefault();
});
