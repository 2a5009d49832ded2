// accounts: a supervisor gives a colleague an account, time codes, emergency
// access and its review, in a browser.
import {suite} from "./lib.mjs";

const PASSWORD = "a few words to remember";

// The account's own browser.
async function by(t, link, title) {
	const page = await t.open(link);
	await t.sound("a link to choose a password", page);
	await page.fill("#password", PASSWORD);
	await page.fill("#password2", PASSWORD);
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")),
		page.getByRole("button", {name: "Save and sign in"}).click()]);
	t.check(`${title} is in`, await page.getByRole("link", {name: title}).count() > 0);
	return page;
}

await suite(async t => {
	const top = t.folder(), hub = top + "/hub", dir = top + "/east";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	await t.ccfed("node", "init", "-d", dir, "--synthetic", "--first-period", "2026-01", "--http", `127.0.0.1:${await t.port()}`);
	await t.ccfed("simulate", "-d", dir, "--children", "40", "--years", "1", "--seed", "1");
	await t.start(["hub", "run", "-d", hub], /report to/);
	const invited = JSON.parse(await t.ccfed("hub", "invite", "east", "-d", hub, "--format", "json"));
	await t.ccfed("node", "join", "-d", dir, invited.rows[0].code);
	const node = await t.start(["node", "run", "-d", dir], /account.* at (http:\S+)/);
	const site = new URL(node.match[1]).origin;

	const page = await t.firstAccount(node.match[1]);
	await page.goto(`${site}/accounts/new`);
	await t.sound("a new account", page);
	await page.getByRole("button", {name: "Add"}).click();
	await page.fill("#name", "cora");
	await page.fill("#title", "Cora Dinator");
	await page.getByLabel("coordinator").check();
	await Promise.all([page.waitForURL(/accounts\/2/), page.getByRole("button", {name: "Add"}).click()]);
	const note = await page.locator(".note p").innerText();
	t.check("the link is said once, on top", /^Give this link to Cora Dinator.*http/.test(note), note);
	await t.sound("an account", page);
	await page.goto(`${site}/accounts`);
	await t.sound("all accounts", page);

	const cora = await by(t, note.match(/http:\S+/)[0], "Cora Dinator");
	for (const [path, name] of [["/account", "one's account"], ["/account/password", "change of password"],
		["/account/time-code", "time codes"], ["/help", "help"], ["/emergency/child/1", "emergency access"]]) {
		await cora.goto(site + path);
		t.forget(cora);
		await t.sound(name, cora);
	}
	await cora.fill("#reason", "Her mother called from the emergency department.");
	await Promise.all([cora.waitForURL(/child\/1$/), cora.getByRole("button", {name: "Open for three hours"}).click()]);
	t.check("every page says so", /emergency access/.test(await cora.locator("aside.alarm").innerText()));
	t.forget(cora);

	await page.goto(`${site}/emergency`);
	await t.sound("emergency access to be reviewed", page);
	await page.getByRole("link", {name: "cora"}).click();
	await t.sound("the review of one", page);
	await page.getByLabel("It was needed").check();
	await Promise.all([page.waitForURL(/emergency$/), page.getByRole("button", {name: "Save"}).click()]);
	t.check("it is reviewed", await page.getByText("No emergency access waits").count() === 1);
	t.forget(page);
});
