// assist: a hub's technical assistance, reports, what arrived, what was known
// then, and keys of programs, with the numbers of one region.
import {suite} from "./lib.mjs";

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

// A hub that has the numbers of one region, and its first page.
async function state(t) {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", `127.0.0.1:${await t.port()}`);
	for (const [id, title] of [["east", "Eastern"], ["west", "Western"]])
		await t.ccfed("hub", "region", "add", "-d", hub, id, title);
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	const up = await t.start(["hub", "run", "-d", hub], /account.* at (http:\S+)/);
	await t.ccfed("node", "init", "-d", node, "--synthetic", "--first-period", "2025-01", "--http", "none");
	await t.ccfed("simulate", "-d", node, "--children", "400", "--years", "2", "--referrals-only");
	await t.ccfed("node", "history", "--done", "--yes", "-d", node);
	await t.ccfed("node", "join", "-d", node, code);
	await t.start(["node", "run", "-d", node], /up/);
	for (let i = 0; i < 100; i++) {
		const [, taken, waiting] = (await t.ccfed("status", "-d", node, "--format", "json")).match(/"taken":(\d+),"waiting":(\d+)/);
		if (Number(taken) > 0 && Number(waiting) === 0) break;
		await wait(300);
	}
	return {hub, link: up.match[1]};
}

await suite(async t => {
	const {hub, link} = await state(t);
	const site = new URL(link).origin;
	const page = await t.firstAccount(link);
	const go = path => page.goto(site + path);
	const press = name => page.getByRole("button", {name, exact: true}).click();
	const main = () => page.locator("main").innerText();
	const status = () => page.getByRole("status").first().innerText();

	// What arrived.
	await go("/releases");
	await t.sound("numbers received", page);
	t.check("releases are there", (await page.locator("#received tbody tr").count()) > 10);
	t.check("with their receipts", (await page.locator("#received").innerText()).includes("signed"));
	t.check("and who has not joined", (await page.locator("#nodes").innerText()).includes("has not joined"));
	await page.selectOption("#region", "west");
	await press("Show");
	t.check("of another region nothing", (await page.locator("#received").innerText()).includes("No region has sent"));

	// Assistance.
	await go("/ta");
	await t.sound("no assistance yet", page);
	await page.getByRole("link", {name: "Open an item"}).click();
	await t.sound("opening an item", page);
	await press("Open the item");
	t.check("it wants a region and a topic", (await page.getByText("Choose the region").count()) > 0 && (await page.getByText("Say in a few words what it is about").count()) > 0);
	t.forget(page);
	await page.selectOption("#region", "east");
	await page.fill("#topic", "Fewer referrals lead to a service");
	await page.selectOption("#measure", "M10");
	await press("Open the item");
	t.check("it is open", (await status()).includes("open"));
	await t.sound("a new item", page);
	const item = page.url();
	await page.getByRole("link", {name: "Note a visit, call or advice"}).click();
	await t.sound("noting a visit", page);
	await page.getByLabel("Visit").check();
	await page.fill("#on", "2025-08-12");
	await page.fill("#text", "Met the intake team");
	await press("Save");
	t.check("the visit is in the log", (await page.locator("#log").innerText()).includes("Met the intake team"));
	await press("Undo");
	await page.goto(item);
	t.check("and can be taken back", !(await main()).includes("Met the intake team"));
	await page.getByRole("link", {name: "Note a visit, call or advice"}).click();
	await page.getByLabel("Visit").check();
	await page.fill("#on", "2025-08-12");
	await page.fill("#text", "Met the intake team");
	await press("Save");
	await page.getByRole("link", {name: "Agree an action"}).click();
	await t.sound("agreeing an action", page);
	await page.fill("#what", "Ask weekly which programs have openings");
	await page.fill("#owner", "Center, intake lead");
	await page.fill("#due", "2025-10-15");
	await press("Save the action");
	t.check("the action is late", (await page.locator("#actions").innerText()).includes("(late)"));
	await t.sound("an item", page);
	await page.getByRole("button", {name: "Done"}).click();
	t.check("it is done", (await page.locator("#actions").innerText()).includes("done"));
	await press("Undo");
	t.check("and open again", (await page.locator("#actions").innerText()).includes("(late)"));
	await page.getByRole("link", {name: "Call sheet"}).click();
	await t.sound("the call sheet", page);
	t.check("strengths come first", (await main()).indexOf("Begin with what works") < (await main()).indexOf("What the call is about"));
	await page.goto(item);
	await page.getByRole("link", {name: "Did it help?"}).click();
	await t.sound("did it help", page);
	await page.getByLabel("In part").check();
	await page.fill("#lesson", "Asking weekly is worth an hour");
	await press("Close the item");
	await go("/ta");
	t.check("what was learned stands in the library", (await page.locator("#library").innerText()).includes("Asking weekly is worth an hour"));
	await t.sound("the library", page);
	await go("/ta/thresholds");
	await page.selectOption("#measure", "M10");
	await page.fill("#percent", "55.5");
	await press("Save");
	t.check("a threshold is in force", (await main()).includes("below 55.5 %"));
	await t.sound("thresholds", page);

	// A report.
	await go("/reports");
	await t.sound("reports", page);
	await page.selectOption("#region", "east");
	await press("Show");
	await t.drawn(page);
	t.check("a draft opens", page.url().includes("/report/east/"), page.url());
	await t.sound("a draft", page);
	t.check("with a chart", (await page.locator("figure svg").count()) === 1);
	const lede = await page.locator(".lede").innerText();
	await page.getByRole("link", {name: "Edit notes and comment"}).click();
	await t.sound("notes and comment", page);
	await page.fill("#notes", "We meet again in December.");
	await page.fill("#comment", "Two programs closed their lists.");
	await press("Save");
	await press("Publish as it stands");
	t.check("published with a hash", /No\. 1, version 1; its hash begins with [0-9a-f]{16}/.test(await status()), await status());
	await go("/report/no/1");
	await t.drawn(page);
	await t.sound("a published report", page);
	t.equal("it says what the draft said", await page.locator(".lede").innerText(), lede);
	t.check("with the center's comment", (await main()).includes("Two programs closed their lists."));
	const alone = await t.ccfed("report", "ta", "--number", "1", "-d", hub);
	t.check("the command line gives it, alone", alone.includes("Two programs closed their lists.") && alone.includes("<style>") && !alone.includes("/report.css"));

	// The same figures in the form of grants.
	await go("/reports");
	await page.getByRole("link", {name: "Figures for grants"}).click();
	await t.sound("figures for grants", page);
	t.check("what can't be served says why", (await page.locator("#title-v-5a").innerText()).includes("Coverage stays in the centers"));
	const shown = await page.locator("#help-me-grow tbody tr").allInnerTexts();
	const csv = await (await page.request.get(`${site}/grants/help-me-grow`)).text();
	t.equal("the file has the page's rows", csv.trim().split("\r\n").length - 1, shown.length);
	t.check("and its figures", shown.every(row => csv.includes(row.split("\t")[2])), csv);

	await go("/packet/east");
	await t.sound("a packet for the collaborative", page);
	await go("/packet/state");
	t.check("the state has a summary", (await page.locator("h1").innerText()) === "The state: summary");

	// As it was known.
	await go("/then?measure=M10&period=2025Q2&as_of=2025-06-30");
	await t.sound("then and now", page);
	t.check("nothing was known then", (await page.locator("#figures").innerText()).includes("not closed"), await main());
	t.check("and what made the difference", (await page.locator("#changes").innerText()).includes("came for the first time"));

	// Nothing is public unless the operator says so.
	t.equal("no public page", (await fetch(`${site}/public`)).status, 404);

	// A program's key.
	await go("/releases");
	await page.getByRole("link", {name: "Keys for programs"}).click();
	await page.fill("#title", "Dashboard");
	await press("Make a key");
	const key = (await main()).match(/[\w-]{43}/)[0];
	const ask = () => fetch(`${site}/api/v1/measures/M10?period=2025Q2&by=region`, {headers: {Authorization: `Bearer ${key}`}});
	const answer = await (await ask()).json();
	await go("/tokens");
	await t.sound("keys", page);
	const printed = await t.ccfed("measure", "show", "M10", "--period", "2025Q2", "--by", "region", "-d", hub);
	t.check("a program gets what the command line prints", answer.rows.every(row => printed.replace(/\s+/g, " ").includes(row.text)), printed);
	await page.getByRole("link", {name: "Revoke"}).click();
	await t.sound("revoking", page);
	await press("Revoke it");
	t.equal("a revoked key opens nothing", (await ask()).status, 401);

	// Who did all that.
	await go("/audit");
	await t.sound("the audit", page);
	t.check("its chain holds", (await main()).includes("entries are as they were written"));
	t.check("and names who and what", (await page.locator("#entries").innerText()).includes("published") || (await go("/audit?what=published")) && (await page.locator("#entries").innerText()).includes("published"));
});
