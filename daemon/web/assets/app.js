// What makes the pages quicker to use. Each part looks for its own elements, and
// every page works without any of it.
import "./app_form.js";
import "./app_keys.js";
import "./app_sort.js";

// What was not taken is what a reader should come to first.
document.querySelector(".note.errors")?.focus();

// Buttons that only a script can serve are hidden until there is one.
for (const button of document.querySelectorAll("button[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}

// The text of a field, into the clipboard.
for (const button of document.querySelectorAll("button[data-copy]")) {
	const field = document.getElementById(button.dataset.copy);
	button.hidden = false;
	button.addEventListener("click", async () => {
		field.select();
		try {
			await navigator.clipboard.writeText(field.value);
		} catch {
			document.execCommand("copy"); // without https
		}
		button.textContent = "Copied";
	});
}
