// loop: a need, a service, a referral, its answer, and the need that is met; and
// contacts on the way, with the keyboard alone and without JavaScript.
import {iso, suite} from "./lib.mjs";

// A node with a coordinator, two children of a family, and one of somebody else.
async function region(t) {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	await t.start(["hub", "run", "-d", hub], /up|listening/);
	const on = (...args) => t.ccfed(...args, "-d", node);
	await on("node", "init", "--synthetic", "--http", `127.0.0.1:${await t.port()}`);
	await on("node", "join", code);
	await on("staff", "add", "Jo Alvarado", "coordinator", "--on", iso(-400));
	await on("staff", "add", "Dana Whitcomb", "coordinator", "--on", iso(-400));
	await on("family", "add", "--name", "Muñoz-Soto", "--language", "spanish", "--interpreter", "yes", "--zip", "06106");
	for (const [i, [given, family, birth, staff]] of [["José", "Muñoz-Soto", "2019-04-03", 1], ["Lucía", "Muñoz-Soto", "2022-01-09", 1], ["Lily", "Tran", "2017-06-09", 2]].entries()) {
		const n = String(i + 1);
		await on("child", "add", "--given", given, "--family", family, "--birth", birth);
		await on("case", "open", n, "--on", iso(-90));
		await on("assign", "set", n, String(staff), "--on", iso(-89));
	}
	await on("family", "join", "1", "1");
	await on("family", "join", "1", "2");
	await on("caregiver", "add", "1", "--given", "Elena", "--family-name", "Soto");
	await on("custody", "add", "1", "--caregiver", "1", "--relation", "mother", "--custody", "sole", "--authority", "parent");
	await on("reach", "add", "--caregiver", "1", "--way", "text", "--value", "203-555-0142", "--safe", "yes", "--preferred", "yes", "--hours", "after 3 pm");
	await on("contact", "plan", "1", "--due", iso(-1), "--purpose", "Ask about the night cough", "--mode", "phone", "--party", "family");
	await on("org", "add", "Harbor Child Guidance");
	await on("org", "service", "1", "Weekly counseling");
	await on("service", "need", "1", "behavioral");
	await on("org", "service", "1", "Counseling for teenagers");
	await on("service", "need", "2", "behavioral");
	await on("service", "update", "2", "--age-from", "13");
	await on("service", "language", "2", "polish");
	const link = (await on("account", "add", "jo", "--title", "Jo Alvarado", "--roles", "coordinator", "--staff", "1")).match(/http:\S+/)[0];
	return {node, link, on, site: new URL(link).origin};
}

await suite(async t => {
	const {node, link, site} = await region(t);
	await t.start(["node", "run", "-d", node], /pages are at/);
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
	const status = () => page.getByRole("status").first().innerText();

	// A contact from anywhere, for both children.
	await page.goto(`${site}/contact/new`);
	await t.sound("whose contact", page);
	await page.getByRole("link", {name: "José Muñoz-Soto", exact: true}).click();
	await t.sound("a contact", page);
	await page.getByLabel("Nobody was reached").check();
	await page.getByLabel("What happened").fill("Line busy,\ntried twice");
	await page.getByLabel("Lucía").check();
	await page.getByLabel("Ask about the night cough").check();
	await page.locator("#next_purpose").fill("Try again");
	await page.getByRole("button", {name: "Save the contact"}).click();
	t.check("a plan needs a day", await page.getByText("Say for which day it is planned").count() >= 1);
	t.check("what was typed stays", (await page.getByLabel("What happened").inputValue()).includes("tried twice"));
	t.forget(page);
	await page.locator("#next_due").fill(iso(2));
	await page.getByRole("button", {name: "Save the contact"}).click();
	t.check("saved for both", (await status()).includes("for 2 children"), await status());
	await t.sound("the log", page);
	t.check("it is in the log", (await page.locator("table.log").innerText()).includes("Line busy, tried twice"));
	t.check("the next one is planned", (await page.locator(".side").innerText()).includes("Try again"));
	await page.getByRole("button", {name: "Undo"}).click();
	t.check("taken back", (await page.locator(".side").innerText()).includes("night cough") && !(await page.locator(".side").innerText()).includes("Try again"), await page.locator(".side").innerText());
	t.equal("and out of the log", await page.locator("table.log").count(), 0);
	await page.getByLabel("What happened").fill("He sleeps better");
	await page.keyboard.press("Enter");
	await page.getByRole("status").first().waitFor();
	t.check("one line logs one", (await page.locator("table.log").innerText()).includes("He sleeps better"));
	await page.locator("table.log a").first().click();
	await t.sound("one contact", page);
	const note = await page.locator("#text").inputValue();
	t.check("a note for the chart", note.includes("Patient: José Muñoz-Soto, born Apr 3, 2019") && note.includes("Note: He sleeps better"), note);
	await page.getByRole("link", {name: "Correct it"}).click();
	await t.sound("correcting it", page);
	await page.getByLabel("What happened").fill("He sleeps well");
	await page.getByLabel("Why it is corrected").fill("Wrong word");
	await page.getByRole("button", {name: "Save the correction"}).click();
	t.check("corrected, with its reason", (await page.locator("main").innerText()).includes("Wrong word"));
	await page.goto(`${site}/child/1/visit-sheet`);
	await t.sound("the visit sheet", page);


	// The loop, without JavaScript.
	const plain = await t.browser.newContext({javaScriptEnabled: false});
	await plain.addCookies(await page.context().cookies());
	const bare = await t.open(`${site}/child/1/need/new`, {script: false, context: plain});
	const says = () => bare.getByRole("status").first().innerText();
	const at = async path => {
		await page.goto(bare.url());
		await t.sound(path, page);
	};
	await at("adding a need");
	await bare.selectOption("#domain", "behavioral");
	await bare.getByRole("button", {name: "Add the need"}).click();
	t.check("a need is added", (await says()).includes("Added"), await bare.locator("main").innerText());
	await at("services that fit");
	const fitting = () => bare.locator(".work").innerText();
	t.check("what is not for the child is left out", (await fitting()).includes("Weekly counseling") && !(await fitting()).includes("teenagers"), await fitting());
	await bare.getByRole("link", {name: "All for this need"}).click();
	t.check("and says why, when all are shown", (await fitting()).includes("not for age") && (await fitting()).includes("not in Spanish"), await fitting());
	await at("all services for the need");
	await bare.getByRole("link", {name: "Only those that fit"}).click();
	await bare.getByRole("link", {name: "Choose Weekly counseling"}).click();
	await at("sending without consent");
	await bare.getByRole("button", {name: "Send the referral"}).click();
	t.check("no consent, no referral", await bare.getByText("The family has not consented").count() >= 1, await bare.locator("main").innerText());
	await bare.locator("#because").fill("Agreed on the telephone, the form follows");
	await bare.getByRole("button", {name: "Send the referral"}).click();
	t.check("sent", (await says()).includes("Sent."), await bare.locator("main").innerText());
	await at("a referral");
	await bare.getByRole("button", {name: "Turned down"}).click();
	t.check("turned down wants a reason", await bare.getByText("Say why: choose").count() >= 1);
	t.forget(bare);
	await bare.goto(`${site}/child/1/referrals`);
	await at("needs and referrals");
	await bare.getByRole("link", {name: "Record answer"}).click();
	await bare.getByRole("button", {name: "Accepted", exact: true}).click();
	t.check("accepted", (await says()).includes("Accepted"));
	await bare.getByRole("button", {name: "Undo"}).click();
	t.check("a step is taken back", (await says()).includes("Taken back") && await bare.getByRole("button", {name: "Accepted", exact: true}).count() === 1, await says());
	await bare.getByRole("button", {name: "Accepted", exact: true}).click();
	await bare.getByRole("button", {name: "Take it back"}).click();
	t.check("later, with a reason", await bare.locator("#mistake-error").count() === 1);
	t.forget(bare);
	await bare.fill("#mistake", "Another family's answer");
	await bare.getByRole("button", {name: "Take it back"}).click();
	t.check("it stands as before", (await says()).includes("Taken back: Accepted"), await says());
	await bare.getByRole("button", {name: "Accepted", exact: true}).click();
	await bare.getByRole("button", {name: "Family is connected"}).click();
	t.check("connected", (await bare.locator("ol.loop").innerText()).includes("Connected"));
	await bare.getByRole("button", {name: "Undo"}).click();
	await bare.getByRole("button", {name: "Family is connected"}).click();
	await bare.goto(`${site}/child/1`);
	await bare.getByRole("link", {name: "Need is met"}).click();
	await at("closing a need");
	await bare.getByRole("button", {name: "Close the need"}).click();
	t.check("met", (await says()).includes("is met"), await bare.locator("main").innerText());
	await bare.getByRole("button", {name: "Undo"}).click();
	t.check("and open again", (await says()).includes("open again"));

	// Somebody else's child.
	await page.goto(`${site}/child/3/contacts`);
	t.check("another's child asks why", page.url().includes("/emergency/child/3"), page.url());
	t.forget(page);
});
