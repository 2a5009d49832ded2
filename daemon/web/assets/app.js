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
