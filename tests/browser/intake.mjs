// intake: a new case in a browser without JavaScript: what is wrong keeps what
// was typed, and a child who may be known already is asked about; then with the
// keyboard alone.
import {iso, suite} from "./lib.mjs";

// Two coordinators; each has a child in the caseload.
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
	for (const [i, [given, family, birth, staff]] of [["Zara", "Haddad", "2023-05-02", 1], ["Lily", "Tran", "2017-06-09", 2]].entries()) {
		const n = String(i + 1);
		await on("child", "add", "--given", given, "--family", family, "--birth", birth);
		await on("case", "open", n, "--on", iso(-90));
		await on("assign", "set", n, String(staff), "--on", iso(-89));
	}
	const link = (await on("account", "add", "jo", "--title", "Jo Alvarado", "--roles", "coordinator", "--staff", "1")).match(/http:\S+/)[0];
	await t.start(["node", "run", "-d", node], /pages are at/);
	return {link, on, site: new URL(link).origin};
}

const send = async page => page.getByRole("button", {name: "Open the case"}).click();

await suite(async t => {
	const {link, on, site} = await region(t);
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);
	const plain = await t.browser.newContext({javaScriptEnabled: false});
	await plain.addCookies(await page.context().cookies());
	const bare = await t.open(`${site}/cases`, {script: false, context: plain});
	await bare.getByRole("link", {name: "New case"}).click();
	t.check("Cases leads to it", bare.url().endsWith("/case/new"), bare.url());

	// Errors keep what was typed, each beside its field.
	await bare.fill("#family", "Haddad");
	await bare.fill("#phone", "203-555-0188");
	await bare.getByLabel("Refer to services").check();
	await send(bare);
	t.equal("what was typed is kept", [await bare.inputValue("#family"), await bare.inputValue("#phone"), await bare.getByLabel("Refer to services").isChecked()], ["Haddad", "203-555-0188", true]);
	for (const id of ["birth", "source", "c_given", "authority"])
		t.check(`${id} is explained`, await bare.locator(`#${id}-error`).count() === 1 && await bare.locator(`.errors a[href="#${id}"]`).count() >= 1);

	// The same child: whole, with the record to open.
	await bare.fill("#given", "Zara");
	await bare.fill("#birth", "2023-05-02");
	await bare.selectOption("#source", "practice");
	await bare.fill("#c_given", "Amal");
	await bare.fill("#c_family", "Haddad");
	await bare.selectOption("#relation", "mother");
	await bare.selectOption("#language", "arabic");
	await bare.getByLabel("An interpreter is needed").check();
	await bare.getByLabel("Safe: nobody else picks up").check();
	await bare.selectOption("#custody", "sole");
	await bare.selectOption("#authority", "parent");
	await bare.locator("#expected-developmental").check();
	await bare.locator("#first-food").check();
	await bare.fill("#o_name", "Pat Moss");
	await bare.fill("#o_program", "Birth to Three");
	await send(bare);
	const own = await bare.locator("ul.work").innerText();
	t.check("who may be the same is shown, and why", own.includes("Zara Haddad") && own.includes("Alike: given name, family name, birth date"), own);
	t.equal("with the record to open", await bare.locator("ul.work a.btn").getAttribute("href"), "/child/1");

	// Another's: no more than is needed; and the yes for one is none for others.
	await bare.getByLabel("It is another child").check();
	await bare.fill("#given", "Lily");
	await bare.fill("#family", "Tran");
	await bare.fill("#birth", "2017-06-09");
	await send(bare);
	const other = await bare.locator("ul.work").innerText();
	t.check("of another's child only what is needed", other.includes("L. T.") && other.includes("2017") && other.includes("Dana Whitcomb") && !other.includes("Lily") && !other.includes("Jun"), other);
	t.check("a yes counts only for who was shown", !await bare.getByLabel("It is another child").isChecked());
	await bare.getByLabel("It is another child").check();
	await send(bare);
	t.check("then the case is open", bare.url().endsWith("/child/3"), bare.url());
	t.equal("and said so", (await bare.getByRole("status").innerText()).trim(), "The case of Lily Tran is open.");
	const record = await bare.locator("main").innerText();
	t.check("with the way to call", record.includes("203-555-0188") && record.includes("Arabic"), record);
	const consent = await on("consent", "list", "3"), others = await on("coordinator", "list", "3");
	t.check("consent is kept", consent.includes("refer") && consent.includes("parent"), consent);
	t.check("and who else coordinates", others.includes("Pat Moss") && others.includes("Birth to Three"), others);
	await bare.goto(`${site}/cases`);
	t.check("in the own caseload", (await bare.locator("tbody th").allInnerTexts()).join().includes("Tran, Lily"));

	// The keyboard alone.
	await page.goto(`${site}/`);
	await page.keyboard.press("n");
	await page.waitForURL(/case\/new$/);
	await t.sound("a new case", page);
	await page.focus("#given");
	await page.keyboard.type("Omar");
	await page.keyboard.press("Tab");
	await page.keyboard.type("Reyes");
	await page.keyboard.press("Tab");
	await page.keyboard.type("04032019");
	await page.focus("#source");
	await page.keyboard.type("The family");
	// The button of a date's calendar draws its ring itself.
	const seen = (await t.tabs(page, 60)).filter(s => s.text !== "Opened on");
	const last = seen.findIndex(s => s.text === "Open the case");
	t.check("Tab leads to the end, and is seen", last > 0 && seen.slice(0, last + 1).every(s => s.ring), JSON.stringify(seen.filter(s => !s.ring)));
	await page.locator(".form .btns button").focus();
	await Promise.all([page.waitForURL(/child\/4$/), page.keyboard.press("Enter")]);
	t.check("opened by keys", (await page.getByRole("status").innerText()).includes("Omar Reyes"));

	await page.goto(`${site}/case/new`);
	await page.fill("#given", "Zara");
	await page.fill("#family", "Hadad");
	await page.fill("#birth", "2023-05-02");
	await page.selectOption("#source", "family");
	await send(page);
	await page.locator("#likely").waitFor();
	await t.accessible("the warning", page);
	await t.shot("the warning", page);
	await page.setViewportSize({width: 360, height: 900});
	await t.accessible("the warning at 360 px", page);
	await t.shot("the warning 360", page);
	await t.reflows("the warning", page);
});
