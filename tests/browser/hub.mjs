// hub: an operator's first minutes at a new hub, in a browser.
import {suite} from "./lib.mjs";

await suite(async t => {
	const dir = t.folder() + "/hub";
	await t.ccfed("hub", "init", "-d", dir, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", `127.0.0.1:${await t.port()}`);
	await t.ccfed("hub", "region", "add", "-d", dir, "east", "Eastern");
	const hub = await t.start(["hub", "run", "-d", dir], /account.* at (http:\S+)/);
	const site = new URL(hub.match[1]).origin;

	const link = await t.open(hub.match[1]);
	await t.sound("the first account", link);
	const page = await t.firstAccount(hub.match[1]);
	await t.sound("the state, before any region", page);
	t.check("the page says what data it is", await page.getByText("No real child, family or agency").count() === 1);
	t.equal("and who is in", await page.locator("#heard h2").innerText(), "No region has reported yet");
	for (const [name, path] of [["a measure", "/measure/M10"], ["a ranking", "/measure/M18"], ["a region", "/region/east"], ["regions", "/regions"], ["gaps", "/gaps"]]) {
		await page.goto(site + path);
		await t.sound(`${name}, before any region`, page);
	}
	await page.getByRole("link", {name: "Measures", exact: true}).first().click();
	await page.waitForURL("**/measures");
	await t.sound("all measures", page);
	t.check("and that nothing is there yet", await page.getByText("No region has reported yet.").count() > 5);
	await page.getByRole("navigation", {name: "Measures"}).getByRole("link", {name: "How fresh each region is"}).click();
	t.equal("a region that has not joined is listed",
		await page.locator("#regions tbody tr").allInnerTexts().then(all => all.map(row => row.split("\t"))),
		[["Eastern", "none yet", "has not joined", "0", "fine"]]);
	await page.getByRole("button", {name: "Sign out"}).click();
	await page.goto(`${site}/`);
	t.check("who signed out sees a form to sign in", await page.getByLabel("Password").isVisible());
	t.forget(page); // that the page was refused with 401
	await t.sound("signing in", page);
	await t.signIn(page);
	t.equal("and comes to where they wanted", new URL(page.url()).pathname, "/");
});
