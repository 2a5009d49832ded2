// desk_child: a child's record, the center's numbers and the supervisor's page.
import {iso, suite} from "./lib.mjs";

// A node with a child in the middle of everything, and a supervisor.
async function center(t) {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	await t.start(["hub", "run", "-d", hub], /up|listening/);
	const on = (...args) => t.ccfed(...args, "-d", node);
	await on("node", "init", "--synthetic", "--http", `127.0.0.1:${await t.port()}`);
	await on("node", "join", code);
	await on("staff", "add", "Jo Alvarado", "nurse", "--on", iso(-400));
	await on("child", "add", "--given", "Mateo", "--family", "Rivera-Soto", "--birth", "2019-03-03");
	await on("case", "open", "1", "--on", iso(-90));
	await on("family", "add", "--name", "Rivera-Soto", "--language", "spanish", "--interpreter", "yes", "--zip", "06106");
	await on("family", "join", "1", "1");
	await on("caregiver", "add", "1", "--given", "Elena", "--family-name", "Soto");
	await on("custody", "add", "1", "--caregiver", "1", "--relation", "mother", "--custody", "sole", "--authority", "parent");
	await on("reach", "add", "--caregiver", "1", "--way", "phone", "--value", "860-555-0142", "--safe", "yes", "--preferred", "yes", "--hours", "after 3 pm");
	await on("consent", "add", "1", "refer", "--signer", "1", "--authority", "parent", "--signed", iso(-80));
	await on("need", "add", "1", "food", "--on", iso(-80));
	await on("refer", "add", "1", "--send", "--on", iso(-40));
	await on("ed", "add", "1", "--behavioral", "yes", "--visited", iso(-2), "--discharged", iso(-2), "--facility", "Maple Hospital");
	const link = (await on("account", "add", "dana", "--title", "Dana Whitcomb", "--roles", "supervisor")).match(/http:\S+/)[0];
	await t.start(["node", "run", "-d", node], /pages are at/);
	return {link, on, site: new URL(link).origin};
}

await suite(async t => {
	const {link, site} = await center(t);
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);

	await page.goto(`${site}/child/1`);
	await t.sound("child", page);
	const call = await page.locator(".call").innerText();
	t.check("what a caller needs stands on top", ["Spanish", "Needed", "Elena Soto, mother", "860-555-0142", "after 3 pm", "Leave no message"].every(x => call.includes(x)), call);
	t.check("the clock of the visit", (await page.locator(".urgent").first().innerText()).includes("Contact the family by the end of today"), await page.locator(".urgent").first().innerText());
	const needs = await page.locator(".needs").innerText();
	t.check("where the need stands", /No answer\s+40 days/.test(needs), needs);
	for (const tab of await page.locator(".tabs a").evaluateAll(l => l.map(a => a.getAttribute("href")))) {
		const reply = await page.goto(site + tab);
		t.equal(`${tab} is there`, reply.status(), 200);
		await t.accessible(tab, page);
	}
	await page.goto(`${site}/child/1/history`);
	t.check("the history has who and what, no value", await page.locator("tbody tr").count() > 10 && !(await page.locator("main .card").innerText()).includes("06106"));
	t.equal("there is no such child", (await page.goto(`${site}/child/99`)).status(), 404);
	t.forget(page);

	await page.goto(`${site}/numbers`);
	await t.sound("numbers", page);
	await page.getByRole("link", {name: "Referrals that led to a service", exact: true}).click();
	await t.sound("a measure", page);
	t.check("what it counts is said", (await page.locator("main").innerText()).includes("What it counts"));

	await page.goto(`${site}/supervisor`);
	await t.sound("supervisor", page);
	t.check("nothing waits", (await page.locator("main").innerText()).includes("No numbers wait"));

	// Without JavaScript the record is whole.
	const plain = await t.open(`${site}/child/1`, {script: false, context: page.context()});
	t.check("without JavaScript", (await plain.locator(".needs").innerText()).includes("Food"));
});
