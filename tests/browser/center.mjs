// center: a synthetic region whose node has joined a hub, with a supervisor who
// is signed in. fill(on) writes what a story begins with: on("staff", "add", ...)
// runs ccfed in the node's folder.
export async function center(t, fill = async () => {}) {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	await t.start(["hub", "run", "-d", hub], /up|listening/);
	const on = (...args) => t.ccfed(...args, "-d", node);
	await on("node", "init", "--synthetic", "--http", `127.0.0.1:${await t.port()}`);
	await on("node", "join", code);
	await fill(on);
	const link = async (name, title, roles, ...more) => (await on("account", "add", name, "--title", title, "--roles", roles, ...more)).match(/http:\S+/)[0];
	const first = await link("dana", "Dana Whitcomb", "supervisor");
	await t.start(["node", "run", "-d", node], /pages are at/);
	const enter = async address => {
		const page = await t.open(address);
		await page.fill("#password", "correct horse battery");
		await page.fill("#password2", "correct horse battery");
		await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
		return page;
	};
	return {site: new URL(first).origin, page: await enter(first), on, link, enter};
}

// What a walk does again and again on @page.
export function hands(page) {
	return {
		press: name => Promise.all([page.waitForNavigation(), page.getByRole("button", {name, exact: true}).first().click()]),
		follow: name => Promise.all([page.waitForNavigation(), page.locator("main").getByRole("link", {name, exact: true}).first().click()]),
		said: () => page.locator(".note").first().innerText(),
		main: () => page.locator("main").innerText(),
	};
}
