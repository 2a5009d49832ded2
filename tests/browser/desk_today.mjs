// desk_today: a coordinator's morning in a browser: Today, finding a child, and
// the list of cases; with the keyboard alone, and without JavaScript.
import {iso, suite} from "./lib.mjs";

// A node with two coordinators and four children, one of them the other's.
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
	const children = [["Zara", "Haddad", "2023-05-02", 1, "arabic"], ["José", "Muñoz-Soto", "2019-04-03", 1, "spanish"],
		["Isaiah", "Brooks", "2013-02-01", 1, "english"], ["Lily", "Tran", "2017-06-09", 2, "english"]];
	for (const [i, [given, family, birth, staff, language]] of children.entries()) {
		const n = String(i + 1);
		await on("child", "add", "--given", given, "--family", family, "--birth", birth);
		await on("case", "open", n, "--on", iso(-90));
		await on("assign", "set", n, String(staff), "--on", iso(-89));
		await on("family", "add", "--name", `${family} family`, "--language", language, "--interpreter", i === 0 ? "yes" : "no", "--zip", "06106");
		await on("family", "join", n, n);
		await on("caregiver", "add", n, "--given", "Amal", "--family-name", family);
		await on("custody", "add", n, "--caregiver", n, "--relation", "mother", "--custody", "sole", "--authority", "parent");
		await on("reach", "add", "--caregiver", n, "--way", "text", "--value", `203-555-012${i}`, "--safe", "yes", "--preferred", "yes", "--hours", "after 5 pm");
	}
	await on("contact", "plan", "1", "--due", iso(-4), "--purpose", "Ask whether Birth to Three has called", "--mode", "text", "--party", "family");
	await on("contact", "plan", "2", "--due", iso(0), "--purpose", "Bring the forms", "--mode", "home-visit", "--party", "family");
	await on("contact", "plan", "4", "--due", iso(-1), "--purpose", "Lily's ride", "--mode", "phone", "--party", "family");
	await on("ed", "add", "3", "--behavioral", "yes", "--visited", iso(-2), "--discharged", iso(-2), "--facility", "Maple Hospital");
	await on("consent", "add", "1", "refer", "--signer", "1", "--authority", "parent", "--signed", iso(-80));
	await on("need", "add", "1", "dental", "--on", iso(-80));
	await on("refer", "add", "1", "--send", "--on", iso(-40));
	const link = (await on("account", "add", "jo", "--title", "Jo Alvarado", "--roles", "coordinator", "--staff", "1")).match(/http:\S+/)[0];
	await t.start(["node", "run", "-d", node], /pages are at/);
	return {link, on, site: new URL(link).origin};
}

const rows = page => page.locator("ul.work > li, ol.work > li").allInnerTexts();

await suite(async t => {
	const {link, site} = await region(t);
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
	await page.goto(`${site}/`);
	await t.sound("Today", page);
	const all = (await rows(page)).join("\n");
	t.check("what is overdue is said with its days", /4 days late\s+Zara Haddad/.test(all), all);
	t.check("how to reach the family stands beside it", all.includes("Interpreter needed") && all.includes("Text the mother, after 5 pm"), all);
	t.check("the clock of the emergency visit is due", all.includes("Due today") && all.includes("Isaiah Brooks"), all);
	t.check("the referral is stale", /40 days\s+Zara/.test(all) && all.includes("stale"), all);
	t.check("its answer is recorded on the referral's page", /\/child\/1\/referral\/1$/.test(await page.getByRole("link", {name: /^Record answer/}).first().getAttribute("href")));
	t.check("another's work is not there", !all.includes("Lily"), all);

	// The usual thing in one press, and back.
	await page.getByRole("button", {name: "Log text for Zara"}).click();
	t.check("done in one step", (await page.getByRole("status").innerText()).startsWith("Saved: text about Zara Haddad"));
	t.check("and off the list", !(await rows(page)).join().includes("Birth to Three"));
	await page.getByRole("button", {name: "Undo"}).click();
	t.check("undone", (await rows(page)).join().includes("Birth to Three"));
	await page.getByRole("button", {name: /^Later ?: Ask whether/}).click();
	t.check("put off", !(await rows(page)).join().includes("Birth to Three"));
	await page.fill("#until", iso(5));
	await page.getByRole("button", {name: "Change the day"}).click();
	t.check("to another day", (await page.getByRole("status").innerText()).startsWith("Put off until"));
	await page.getByRole("button", {name: "Undo"}).click();
	await page.goto(`${site}/`);
	const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", {name: "Add to calendar"}).click()]);
	const text = await (await import("node:fs/promises")).readFile(await file.path(), "utf8");
	t.check("the calendar has the visit, with initials", text.includes("SUMMARY:Home visit\\, J. M.") && !text.includes("Mu"), text);

	// Finding.
	for (const words of ["munoz jose", "4/3/2019", "555-0121", "Munios"]) {
		await page.goto(`${site}/find?q=${encodeURIComponent(words)}`);
		t.check(`“${words}” finds him`, (await rows(page))[0]?.includes("José Muñoz-Soto"), (await rows(page)).join("\n"));
	}
	await t.sound("found", page);
	await page.goto(`${site}/find?q=lily+tran`);
	const other = (await rows(page)).join("\n");
	t.check("of another's child only what is needed", other.includes("L. T.") && other.includes("2017") && other.includes("Dana Whitcomb") && !other.includes("Lily") && !other.includes("06"), other);

	// Cases.
	await page.goto(`${site}/cases`);
	await t.sound("Cases", page);
	t.equal("mine, by name", await page.locator("tbody th").allInnerTexts().then(l => l.map(x => x.split("\n")[0].trim())), ["Brooks, Isaiah", "Haddad, Zara", "Muñoz-Soto, José"]);
	await page.selectOption("#whose", "all");
	await page.getByRole("button", {name: "Show"}).click();
	t.check("others' with initials", (await page.locator("tbody th").allInnerTexts()).join().includes("L. T."));
	await page.getByRole("link", {name: "First due"}).click();
	t.check("sorted by what is due", (await page.locator("th[aria-sort]").innerText()).startsWith("First due"));
	await page.goto(`${site}/cases?whose=mine&language=spanish`);
	t.equal("filtered", await page.locator("tbody tr").count(), 1);
	await page.locator("summary").click();
	await page.getByLabel("Name", {exact: true}).fill("Spanish");
	await page.getByRole("button", {name: "Keep"}).click();
	await page.goto(`${site}/cases`);
	await page.getByRole("link", {name: "Spanish", exact: true}).click();
	t.equal("a view is kept", await page.locator("tbody tr").count(), 1);
	await page.getByRole("checkbox", {name: "Choose Muñoz-Soto, José"}).check();
	await page.getByRole("button", {name: "Give", exact: true}).click();
	t.check("nobody was chosen", await page.getByText("Choose who gets them").count() >= 1);
	t.check("the case stays chosen", await page.getByRole("checkbox", {name: "Choose Muñoz-Soto, José"}).isChecked());
	t.forget(page); // that this was refused with 422
	await page.selectOption("#to", {label: "Dana Whitcomb, Community coordinator"}).catch(() => page.selectOption("#to", {index: 1}));
	await page.getByRole("button", {name: "Give", exact: true}).click();
	t.check("given", (await page.getByRole("status").innerText()).includes("belongs to Dana Whitcomb now"), await page.getByRole("status").innerText());
	await page.getByRole("button", {name: "Undo"}).click();
	await page.goto(`${site}/cases`);
	t.equal("and taken back", await page.locator("tbody tr").count(), 3);

	// The keyboard alone.
	await page.goto(`${site}/`);
	await page.keyboard.press("/");
	await page.keyboard.type("zara");
	await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
	t.check("found by keys", (await rows(page))[0]?.includes("Zara"));
	await page.goto(`${site}/`);
	const seen = await t.tabs(page, 30);
	const last = seen.findIndex(s => s.text.startsWith("Mark as kept"));
	t.check("Tab leads to the acts, and is seen", last > 0 && seen.slice(0, last + 1).every(s => s.ring), JSON.stringify(seen.slice(0, last + 1).filter(s => !s.ring)));

	// Without JavaScript.
	const cookies = await page.context().cookies();
	const plain = await t.browser.newContext({javaScriptEnabled: false});
	await plain.addCookies(cookies);
	const bare = await t.open(`${site}/`, {script: false, context: plain});
	await bare.getByRole("button", {name: "Mark as kept for José"}).click();
	t.check("without JavaScript a visit is kept", (await bare.getByRole("status").innerText()).includes("Home visit of José Muñoz-Soto was kept"));
	await bare.getByRole("button", {name: "Undo"}).click();
	await bare.getByRole("button", {name: "Log contact for Isaiah"}).click();
	t.check("and the clock stops", (await rows(bare)).join("\n").includes("Follow-up in 7 days"));
	await bare.getByRole("button", {name: "Undo"}).click();
	t.check("and runs on", (await rows(bare)).join("\n").includes("Due today"));
	t.quiet("all pages", page);
});
