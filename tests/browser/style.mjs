// style: every part of the pages' look on two pages that only the tests have:
// valid, accessible, at home on narrow screens and on paper, and what the
// scripts add to them.
import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {suite} from "./lib.mjs";

await suite(async t => {
	const folder = t.folder();
	execFileSync(process.env.CCFED_STYLE_PAGE, [folder]);
	const site = await t.serve(folder);

	const desk = await t.open(`${site}/desk.html`);
	await t.sound("desk", desk);

	t.equal("errors have the focus", await desk.evaluate(() => document.activeElement.className), "note errors");
	await desk.getByRole("link", {name: "Enter the number with its area code"}).click();
	t.equal("an error leads to its field", await desk.evaluate(() => document.activeElement.id), "phone");
	const field = desk.getByRole("textbox", {name: "Phone"});
	t.equal("a field is described by its error and hint",
		await field.evaluate(e => e.getAttribute("aria-describedby").split(" ").map(id => document.getElementById(id).textContent.trim())),
		["Error: Enter the number with its area code", "Ten digits"]);

	const names = () => desk.locator("#sorted tbody th").allInnerTexts().then(all => all.map(n => n.split("\n")[0]));
	await desk.locator("#sorted").getByRole("button", {name: "Days"}).click();
	t.equal("a table is sorted by a heading", await names(), ["Lily Tran", "Ana Quispe", "Mateo Rivera-Soto"]);
	await desk.locator("#sorted").getByRole("button", {name: "Days"}).click();
	t.equal("and the other way", await names(), ["Mateo Rivera-Soto", "Ana Quispe", "Lily Tran"]);

	await desk.locator("h1").click();
	await desk.keyboard.press("?");
	t.equal("? lists the keys", await desk.locator("dialog kbd").allInnerTexts(), ["/", "l", "?"]);
	await t.accessible("the list of keys", desk);
	await desk.keyboard.press("Escape");
	await desk.keyboard.press("/");
	t.equal("/ leads to the find box", await desk.evaluate(() => document.activeElement.id), "find");
	await desk.keyboard.press("/");
	t.equal("and there it is a letter", await desk.inputValue("#find"), "/");

	// The draft of a form goes to the server two seconds after the last letter.
	const sent = [];
	await desk.route("**/draft", route => {
		sent.push(new URLSearchParams(route.request().postData()));
		route.fulfill({status: 204});
	});
	await desk.locator("#text").fill("half a sen");
	await desk.getByText("Draft kept at").waitFor();
	t.equal("a draft is kept", [sent[0].get("draft"), sent[0].get("text"), sent[0].get("csrf")], ["/style", "half a sen", "t0ken"]);

	const figures = await t.open(`${site}/figures.html`);
	const stops = await t.tabs(figures, 6);
	t.equal("Tab begins with the skip link", stops[0].text, "Skip to main content");
	t.check("and the focus is seen", stops.every(s => s.ring), JSON.stringify(stops));
	t.equal("each chart is drawn", await figures.locator("figure[data-chart] svg.plot").count(), 5);
	await t.sound("figures", figures);
	t.equal("charts say what they are", await figures.locator("svg[role=img]").first().getAttribute("aria-label"), "Chart: Connected, by month");
	t.equal("no style stands in the page", await figures.locator("figure style, figure [style]").evaluateAll(all => all.map(e => e.outerHTML.slice(0, 200))), []);
	const run = figures.locator("figure").first();
	t.equal("a range is a bar with two ends, an unknown month nothing",
		[await run.locator("svg line[stroke-width='5'], svg [stroke-width='5'] line").count(),
			await run.locator("svg circle").count()], [1, 1]);
	t.check("what is not published has no mark", (await figures.locator("figure[data-chart=interval] svg").textContent()).includes("too few to say"));

	await run.locator("summary").click();
	const [csv] = await Promise.all([figures.waitForEvent("download"), run.getByRole("button", {name: "Save table (CSV)"}).click()]);
	const text = readFileSync(await csv.path(), "utf8");
	t.check("a saved table says what data it is", text.startsWith("# Connected, by month\r\n# Synthetic data."), text);
	t.check("and holds the cells", text.includes("Feb 2026,62.9 to 68.1%,65.9%,51.0%,80.7%,\r\n"), text);
	const [svg] = await Promise.all([figures.waitForEvent("download"), run.getByRole("button", {name: "Save chart (SVG)"}).click()]);
	const drawing = readFileSync(await svg.path(), "utf8");
	t.check("so does a saved chart", drawing.includes("<title>Connected, by month</title>") && drawing.includes("Synthetic data."), drawing.slice(0, 400));

	const paper = await desk.pdf({preferCSSPageSize: true});
	t.check("the page can be printed", paper.length > 10000);

	const plain = await t.open(`${site}/figures.html`, {script: false});
	await plain.locator("summary").first().click();
	t.check("without a script the table stands", await plain.getByText("62.9 to 68.1%").first().isVisible());
	t.equal("and no button that does nothing", await plain.locator("button:visible").allInnerTexts(), ["Find", "Undo", "Sign out"]);
});
