// hub_state: an operator looks at a state of one region that has told three
// years in which fewer and fewer referrals led to a service: from the first page
// to the measure, the region and the gaps. The fall is found, and told in words.
import {suite} from "./lib.mjs";

const MONTHS = /\b(January|February|March|April|May|June|July|August|September|October|November|December)\b/;

await suite(async t => {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", `127.0.0.1:${await t.port()}`);
	for (const [id, title] of [["east", "Eastern"], ["west", "Western"]])
		await t.ccfed("hub", "region", "add", "-d", hub, id, title);
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	const up = await t.start(["hub", "run", "-d", hub], /account.* at (http:\S+)/);
	const site = new URL(up.match[1]).origin;
	await t.ccfed("node", "init", "-d", node, "--synthetic", "--http", "none", "--first-period", "2023-12");
	await t.ccfed("node", "join", "-d", node, code);
	await t.ccfed("simulate", "-d", node, "--children", "3000", "--years", "3", "--until", "2026-11-20", "--seed", "4", "--referrals-only", "--story", "falling-linkage");
	await t.ccfed("node", "history", "-d", node, "--done", "--yes");
	await t.start(["node", "run", "-d", node], /is up|reports to/);
	const page = await t.firstAccount(up.match[1]);
	// All that is due has arrived when nothing more comes for a while.
	for (let i = 0, last = "", same = 0; i < 200 && same < 4; i++) {
		await page.goto(site + "/releases");
		const now = await page.locator("main").innerText();
		same = now === last && /No\. \d/.test(now) ? same + 1 : 0;
		last = now;
		await page.waitForTimeout(300);
	}
	await page.goto(site + "/");

	await t.sound("the state", page);
	t.check("one of two regions is in, and it says so", /^1 of 2 regions/.test(await page.locator("#heard h2").innerText()));
	const news = await page.locator("#news").innerText();
	t.check("the region's fall is a signal, and a concern", /▼ Eastern: .*(below|fell)/.test(news), news);
	t.equal("three questions", await page.locator(".questions h2").allInnerTexts(), ["How much did we do?", "How well did we do it?", "Is anyone better off?"]);
	const big = await page.locator(".figure", {hasText: "Referrals that led to a service"}).first().locator(".big").innerText();
	t.check("a figure", /%$/.test(big), big);
	await page.locator(".questions").getByRole("link", {name: "Referrals that led to a service"}).click();

	await t.sound("a measure", page);
	const rows = await page.locator("#trend tbody tr").evaluateAll(all => all.map(tr => [...tr.cells].map(c => c.textContent.trim())));
	t.check("its points, of which one was on the page before", rows.length > 3 && rows.some(row => row.includes(big)), JSON.stringify(rows));
	t.check("a month is named", MONTHS.test(rows[0][0]), rows[0][0]);
	const sentence = await page.locator("#sentence").innerText();
	t.check("a sentence for a memo", /Referrals that led to a service: .*%.*, the state, .*1 of 2 regions/.test(sentence), sentence);
	t.check("with its source", /M10 version 1, as known .*Synthetic data/.test(await page.locator("#source").innerText()));

	const csv = await page.evaluate(async () => (await fetch("/measure/M10/csv")).text());
	const json = await page.evaluate(async () => (await fetch("/measure/M10/json")).json());
	t.check("the file says what data it is", csv.startsWith('"# Referrals') && csv.includes("Synthetic data"), csv.slice(0, 200));
	t.equal("page, CSV and JSON say the same of each point",
		[csv.split(/\r?\n/).filter(l => /^"?series"?,/.test(l)).map(l => l.split(",")[4].replaceAll(`"`, "")), json.series.points.length],
		[rows.map(row => row.at(-5)), rows.length]);
	await page.getByRole("link", {name: /^show.*Only/}).first().click();
	t.check("one region alone, by the address", page.url().endsWith("region=east"), page.url());
	await t.sound("a measure of one region", page);
	const words = await page.locator("#trend .says-big").innerText();
	t.check("of which the words say that it fell", /^▼ Signal, concern\. .*(below|fell)/.test(words), words);
	const step = page.getByRole("link", {name: /^(months|quarters)/});
	await step.click();
	t.check("longer or shorter points, and the region stays", /region=east&step=(month|quarter)$/.test(page.url()), page.url());
	await page.goto(site + "/measure/M99");
	t.forget(page);
	t.check("a measure that is not there", await page.getByText("there is no measure").count() > 0);

	await page.goto(site + "/region/east");
	await t.sound("a region", page);
	const row = page.locator("#profile tr", {hasText: "Referrals that led to a service"}).first();
	t.check("its figures stand beside the state's", /%.*%/s.test(await row.innerText()), await row.innerText());
	await page.goto(site + "/gaps");
	await t.sound("gaps", page);
	t.check("needs by region", await page.locator("#needs tbody tr").count() > 10);
	await page.goto(site + "/region/west");
	t.check("a region that told nothing", await page.getByText("Nothing of it is closed yet.").count() === 1);
});
