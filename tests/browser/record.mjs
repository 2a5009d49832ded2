// record: the child's and the family's record is changed, by one person and by
// two at once; files, letters, a child recorded twice; a household grows, a case
// is closed and opened again; with the keyboard alone and without JavaScript.
import {iso, suite} from "./lib.mjs";

// A node with a coordinator, a supervisor, a family of one child, a child that
// was recorded twice, and one of somebody else.
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
	for (const [i, [given, family, birth, staff]] of [["José", "Muñoz-Soto", "2012-04-03", 1], ["Lily", "Tran", "2017-06-09", 2]].entries()) {
		const n = String(i + 1);
		await on("child", "add", "--given", given, "--family", family, "--birth", birth);
		await on("case", "open", n, "--on", iso(-90));
		await on("assign", "set", n, String(staff), "--on", iso(-89));
	}
	await on("family", "join", "1", "1");
	await on("caregiver", "add", "1", "--given", "Elena", "--family-name", "Soto");
	await on("custody", "add", "1", "--caregiver", "1", "--relation", "mother", "--custody", "sole", "--authority", "parent");
	await on("reach", "add", "--caregiver", "1", "--way", "text", "--value", "203-555-0142", "--safe", "yes", "--preferred", "yes");
	const link = (await on("account", "add", "jo", "--title", "Jo Alvarado", "--roles", "coordinator", "--staff", "1")).match(/http:\S+/)[0];
	const chief = (await on("account", "add", "sue", "--title", "Sue Park", "--roles", "supervisor")).match(/http:\S+/)[0];
	await t.start(["node", "run", "-d", node], /pages are at/);
	return {link, chief, on, site: new URL(link).origin};
}

async function enter(t, link) {
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
	return page;
}

const press = (page, name) => page.getByRole("button", {name, exact: true}).click();
const status = page => page.getByRole("status").first().innerText();

await suite(async t => {
	const {link, chief, on, site} = await region(t);
	const page = await enter(t, link), other = await enter(t, chief);
	const plain = await t.browser.newContext({javaScriptEnabled: false});
	await plain.addCookies(await page.context().cookies());
	const bare = await t.open(`${site}/child/1/people`, {script: false, context: plain});

	// Editing in place, and taking it back.
	await page.goto(`${site}/child/1/people`);
	await t.sound("child and family", page);
	await page.getByRole("row").getByRole("link", {name: "203-555-0142"}).click();
	await t.sound("a number", page);
	await page.fill("#hours", "after 3 pm");
	await press(page, "Save it");
	t.check("saved", (await status(page)).includes("Saved"), await status(page));
	t.check("and shown", (await page.locator("main").innerText()).includes("after 3 pm"));
	await press(page, "Undo");
	t.check("taken back", !(await page.locator("main").innerText()).includes("after 3 pm"));

	// Two people at one record: nothing is lost, each field is chosen.
	for (const who of [page, other]) await who.goto(`${site}/child/1/edit/family/1`);
	await other.fill("#address", "12 Elm Street");
	await other.selectOption("#language", "portuguese");
	await press(other, "Save it");
	await page.fill("#address", "14 Elm Street");
	await page.fill("#zip", "06107");
	await press(page, "Save it");
	const asked = await page.locator("main").innerText();
	t.check("both versions are shown", asked.includes("Yours: 14 Elm Street") && asked.includes("On record now: 12 Elm Street") && asked.includes("Changed by sue"), asked);
	t.check("a value that I left alone, too", asked.includes("On record now: Portuguese"), asked);
	t.forget(page);
	await t.accessible("two versions", page);
	await t.shot("two versions", page);
	await t.reflows("two versions", page);
	t.check("nothing was written", (await on("family", "show", "1")).includes("12 Elm Street"));
	await page.getByLabel("Yours: 14 Elm Street").check();
	await press(page, "Save it");
	const family = await on("family", "show", "1");
	t.check("what was chosen stands", ["14 Elm Street", "portuguese", "06107"].every(s => family.toLowerCase().includes(s.toLowerCase())), family);
	await page.goto(`${site}/child/1/edit/family/1`);
	t.check("earlier values are shown", (await page.locator(".side").innerText()).includes("12 Elm Street"), await page.locator(".side").innerText());

	// Without JavaScript: errors keep what was typed.
	await bare.getByRole("link", {name: "Add a caregiver"}).click();
	await bare.fill("#given", "Rosa");
	await press(bare, "Add it");
	t.equal("a missing choice is told, what was typed stays", [await bare.locator("#relation-error").count(), await bare.inputValue("#given")], [1, "Rosa"]);
	await bare.selectOption("#relation", "grandparent");
	await bare.selectOption("#custody", "none");
	await press(bare, "Add it");
	t.check("a caregiver is added", (await bare.locator("main").innerText()).includes("Rosa"));
	await bare.goto(`${site}/child/1/coverage`);
	await bare.getByRole("link", {name: "Add coverage"}).click();
	await bare.selectOption("#kind", "medicaid");
	await bare.fill("#payer", "HUSKY A");
	await press(bare, "Add it");
	t.check("coverage is added", (await bare.locator("main").innerText()).includes("HUSKY A"));

	// Consent: signed, withdrawn, and what stops.
	await bare.getByRole("link", {name: "Add a consent"}).click();
	await bare.getByLabel("Refer to services").check();
	await bare.selectOption("#signer", {label: "Elena Soto"});
	await bare.selectOption("#authority", "parent");
	await press(bare, "Add it");
	t.check("consent is kept", (await on("consent", "list", "1")).includes("refer"), await bare.locator("main").innerText());
	await bare.getByRole("link", {name: "Withdraw or renew"}).click();
	await bare.getByRole("link", {name: "Renew it instead"}).click();
	await bare.selectOption("#signer", {label: "Elena Soto"});
	await bare.selectOption("#authority", "parent");
	await press(bare, "Renew it");
	t.equal("renewed, the first one stays", await bare.getByRole("link", {name: "Withdraw or renew"}).count(), 2);
	await bare.goto(`${site}/child/1/edit/consent-withdraw/1`);
	t.check("what stops is told", (await bare.locator(".before").innerText()).includes("nothing more may be shared"));
	await bare.fill("#why", "Changed their mind");
	await press(bare, "Withdraw it");
	t.check("it is withdrawn", /withdrawn/i.test(await on("consent", "list", "1")));

	// The emergency path, and the transition.
	await page.goto(`${site}/child/1/ed`);
	await page.getByRole("link", {name: "Add an emergency visit"}).click();
	await page.fill("#visited", iso(-1));
	await page.fill("#facility", "Harbor Hospital");
	await t.sound("an emergency visit", page);
	await press(page, "Add it");
	t.check("the clock is on the page", (await page.locator(".note.urgent").first().innerText()).includes("emergency department"));
	await page.getByRole("table").getByRole("link").first().click();
	t.check("and the days that follow", (await page.locator(".before").innerText()).includes("Contact the family by"));
	await page.selectOption("#enrolled", "accepted");
	await page.fill("#enrolled_on", iso(0));
	await page.fill("#crisis_plan", iso(0));
	await press(page, "Save it");
	t.check("enrolled", (await status(page)).includes("Saved"));
	await page.goto(`${site}/child/1/edit/visit/new`);
	await page.fill("#visited", iso(-2));
	await press(page, "Add it");
	await page.getByRole("table").getByRole("link").last().click();
	await press(page, "Entered in error");
	t.equal("a visit that never was is in no list", await page.getByRole("table").getByRole("link").count(), 1);
	await page.goto(`${site}/child/1/transition`);
	await page.getByRole("link", {name: "Begin the transition"}).click();
	await press(page, "Begin it");
	await page.getByRole("link", {name: "Policy or guide shared"}).click();
	await press(page, "Add it");
	t.check("a core element is done", (await page.locator("main").innerText()).includes("1 of 6 done"), await page.locator("main").innerText());
	await page.getByRole("link", {name: "Add a visit"}).click();
	await page.fill("#visited", iso(-3));
	await page.selectOption("#alone", "1");
	await press(page, "Add it");
	await t.sound("transition", page);

	// Files: kinds that are refused, a download that is no page, taken out.
	await page.goto(`${site}/child/1/files`);
	await page.setInputFiles("#file", {name: "run.html", mimeType: "text/html", buffer: Buffer.from("MZ\x90\0\x03")});
	await page.selectOption("#document", "report");
	await press(page, "Add the file");
	t.check("what is no document is refused", (await page.locator("#file-error").innerText()).includes("neither PDF"), await page.locator("main").innerText());
	t.forget(page);
	await page.setInputFiles("#file", {name: "x.html", mimeType: "text/html", buffer: Buffer.from("<script>alert(1)</script>")});
	await page.fill("#title", "School report");
	await press(page, "Add the file");
	await t.sound("files", page);
	const answer = await page.request.get(`${site}/child/1/file/1`);
	t.equal("a download, never shown as a page", [answer.headers()["content-type"], answer.headers()["x-content-type-options"], answer.headers()["content-disposition"]],
		["text/plain; charset=utf-8", "nosniff", 'attachment; filename="report-1.txt"']);
	t.equal("as it was", await answer.text(), "<script>alert(1)</script>");
	t.check("the download is in the audit", (await on("audit", "list")).split("\n").some(l => l.includes("attachment") && l.includes("export") && l.includes("jo")));
	await page.getByRole("link", {name: "Take out School report"}).click();
	await page.fill("#why", "Another child's");
	await press(page, "Take it out");
	t.check("taken out, with the reason", (await page.locator("main").innerText()).includes("Another child's"));
	t.equal("and gone", (await page.request.get(`${site}/child/1/file/1`)).status(), 404);

	// On paper.
	for (const [name, path] of [["a letter in Spanish", "letter"], ["a letter in English", "letter?lang=en"], ["a packet", "packet"]]) {
		await page.goto(`${site}/child/1/${path}`);
		await t.sound(name, page);
	}
	t.check("the packet has the safe way", (await page.locator(".sheet").innerText()).includes("203-555-0142"));

	// Recorded twice: found, compared, merged, taken apart.
	await on("child", "add", "--given", "Jose", "--family", "Munoz-Soto", "--birth", "2012-04-03");
	await on("case", "open", "3", "--on", iso(-20));
	await bare.goto(`${site}/child/1/people`);
	await bare.getByRole("link", {name: "Recorded twice?"}).click();
	await page.goto(`${site}/child/1/merge`);
	await t.sound("recorded twice", page);
	await bare.getByRole("link", {name: /Compare/}).click();
	const both = await bare.locator("table").innerText();
	t.check("both beside each other", both.includes("José Muñoz-Soto") && both.includes("Jose Munoz-Soto") && both.includes("Differs"), both);
	await page.goto(bare.url());
	await t.sound("two records", page);
	await bare.getByLabel("Keep record 1").check();
	await press(bare, "Merge them");
	t.check("they are one", (await on("merge", "list")).length > 0 && (await status(bare)).includes("one record now"));
	await press(bare, "Undo");
	t.check("and two again", (await status(bare)).includes("two records again"), await bare.locator("main").innerText());
	t.check("with their own cases", (await on("case", "list", "--child", "3", "--open")).includes("Jose"));

	// Closed with the keyboard alone, and opened again.
	await page.goto(`${site}/child/1/people`);
	await page.getByRole("link", {name: "Close the case"}).focus();
	await Promise.all([page.waitForURL(/close/), page.keyboard.press("Enter")]);
	t.check("what is open is asked first", (await page.locator(".before").innerText()).length > 10);
	await t.sound("closing", page);
	await page.focus("#reason");
	await page.keyboard.type("Goals met");
	await page.getByRole("button", {name: "Close it"}).focus();
	await Promise.all([page.waitForURL(/child\/1$/), page.keyboard.press("Enter")]);
	t.check("closed", (await page.locator(".head").innerText()).includes("closed"));
	await press(page, "Undo");
	t.check("open again", (await page.locator(".head").innerText()).includes("open since"), await page.locator(".head").innerText());

	// Race is asked, and any number of answers; the family moves away, and back.
	await bare.goto(`${site}/child/3/people`);
	await bare.getByRole("link", {name: /Race, ethnicity/}).click();
	await bare.getByLabel("White").check();
	await bare.getByLabel("Asian").check();
	await press(bare, "Save it");
	await bare.getByRole("link", {name: /Race, ethnicity/}).click();
	t.equal("both answers stand", [await bare.getByLabel("White").isChecked(), await bare.getByLabel("Asian").isChecked()], [true, true]);
	await bare.goto(`${site}/child/3/people`);
	await bare.getByRole("link", {name: "Moved to another region"}).click();
	await bare.fill("#region", "North Central");
	await press(bare, "Close it as moved");
	await bare.goto(`${site}/child/3/people`);
	t.check("moved, and where to", (await bare.locator(".side").innerText()).includes("oved to another region, north-central"), await bare.locator(".side").innerText());
	await bare.getByRole("link", {name: "Open the case again"}).click();
	await press(bare, "Open it again");
	t.check("why is asked", await bare.locator("#why-error").count() === 1);
	await bare.fill("#why", "They came back");
	await press(bare, "Open it again");
	t.check("it goes on", (await bare.locator(".head").innerText()).includes("open since"));

	// A sister joins the household.
	await bare.goto(`${site}/child/1/people`);
	await bare.getByRole("link", {name: "New case for a brother or sister"}).click();
	t.equal("the caregiver is known", await bare.inputValue("#c_given"), "Elena");
	await bare.fill("#given", "Lucía");
	await bare.fill("#family", "Muñoz-Soto");
	await bare.fill("#birth", "2022-01-09");
	await bare.selectOption("#relation", "mother");
	await bare.selectOption("#source", "family");
	await press(bare, "Open the case");
	if (await bare.locator("#another").count()) {
		await bare.getByLabel("It is another child").check();
		await press(bare, "Open the case");
	}
	t.check("she is a sibling", (await bare.locator(".head").innerText()).includes("sibling: José"), await bare.locator("main").innerText());
	t.check("with the same mother, once", (await on("caregiver", "list", "1")).match(/Elena/g).length === 1);

	// Somebody else's child stays closed.
	await page.goto(`${site}/child/2/edit/child/2`);
	t.check("another's child asks for emergency access", page.url().includes("/emergency/child/2"));
});
