// Forms: a form with data-draft keeps what is typed as a draft on the server,
// where it is sealed, under the form's address; and no form is sent twice by a
// double click.

const WAIT_MS = 2000;

function drafts(form) {
	const said = document.createElement("p");
	// A field may be called "action", and then form.action is that field.
	const address = new URL(form.getAttribute("action") ?? "", location.href).pathname;
	let timer = 0, kept = fields(form);

	said.className = "draft";
	said.setAttribute("role", "status");
	form.append(said);

	async function keep() {
		const now = fields(form);
		clearTimeout(timer);
		timer = 0;
		if (now === kept) return;
		try {
			const answer = await fetch("/draft", {
				method: "POST", body: new URLSearchParams(now + "&draft=" + encodeURIComponent(address)),
				credentials: "same-origin", keepalive: true, redirect: "error",
			});
			if (!answer.ok) throw new Error(answer.status);
			kept = now;
			said.textContent = "Draft kept at " + new Date().toLocaleTimeString("en-US", {hour: "numeric", minute: "2-digit"});
		} catch {
			said.textContent = "The draft could not be kept. Leave this page open and send the form when you can.";
		}
	}
	form.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(keep, WAIT_MS);
	});
	document.addEventListener("visibilitychange", () => { if (document.hidden && timer) keep(); });
	// What is sent is no draft any more, also when the page goes out of sight.
	form.addEventListener("submit", () => {
		clearTimeout(timer);
		timer = 0;
	});
}

// Files are not part of a draft.
const fields = form => new URLSearchParams(
	[...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();

document.querySelectorAll("form[data-draft]").forEach(drafts);

document.addEventListener("submit", event => {
	const form = event.target;
	if (form.method !== "post") return;
	if (form.dataset.sent) event.preventDefault();
	else form.dataset.sent = "yes";
});
// Back on the page by the browser's own way, it may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => delete form.dataset.sent));
