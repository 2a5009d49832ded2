// directory: organizations and services, openings, who checked what and when.
import {center, hands} from "./center.mjs";
import {suite} from "./lib.mjs";

await suite(async t => {
	const {site, page} = await center(t);
	const {press, follow, said, main} = hands(page);

	await page.goto(`${site}/directory`);
	t.check("an empty directory says what to do", (await main()).includes("No service fits"));
	await follow("Add an organization");
	await t.sound("a new organization", page);
	await page.evaluate(() => { document.querySelector("main form").noValidate = true; });
	await press("Save");
	t.check("a name is asked for", (await said()).includes("Name: fill this in"), await said());
	t.forget(page);
	await page.fill("#name", "Maple Food Pantry");
	await page.selectOption("#sector", "food");
	await page.fill("#phone", "860-555-0110");
	await press("Save");
	t.check("it is saved", (await said()).includes("Saved: Maple Food Pantry"), await said());
	await t.sound("an organization", page);
	await follow("Add a service");
	await page.fill("#name", "Weekly groceries");
	await page.check("#needs-food");
	await page.check("#languages-spanish");
	await page.fill("#age_from", "9");
	await page.fill("#age_to", "3");
	await page.fill("#places", "Hartford, East Hartford");
	await page.fill("#eligibility", "Families with a WIC card");
	await press("Save");
	t.check("ages in the wrong order are said, and what was typed stays", (await said()).includes("over the oldest") && await page.inputValue("#places") === "Hartford, East Hartford" && await page.isChecked("#needs-food"), await main());
	t.forget(page);
	await page.fill("#age_from", "0");
	await page.fill("#age_to", "12");
	await press("Save");
	await t.sound("a service", page);
	const known = await main();
	t.check("what is known stands there", ["Maple Food Pantry", "Food", "East Hartford", "Spanish", "WIC card", "0 to 12", "Never checked"].every(x => known.includes(x)), known);
	const address = page.url();

	await press("Verified today");
	t.check("one click verifies", (await main()).includes("by Dana Whitcomb") && await page.getByRole("button", {name: "Verified today"}).count() === 0, await main());
	await press("Undo");
	t.check("and can be taken back", (await main()).includes("Never checked"), await main());

	await follow("Note openings");
	await t.sound("openings", page);
	await press("Save");
	t.check("something has to be said", (await said()).includes("openings"), await said());
	t.forget(page);
	await page.fill("#openings", "2");
	await page.fill("#told_by", "Front desk");
	await press("Save");
	t.check("the openings stand there", (await page.locator("tbody").innerText()).includes("Front desk"));

	// Found by every way to ask, and not by what it is not.
	for (const [query, there] of [["text=wic+card", true], ["text=maple", true], ["need=food", true], ["need=housing", false], ["place=hartford", true],
		["place=Norwich", false], ["age=5", true], ["age=15", false], ["language=spanish", true], ["language=polish", false], ["stale=1", true]]) {
		await page.goto(`${site}/directory?${query}`);
		t.equal(query, await page.locator(".work li").count() === 1, there);
	}
	await t.sound("the directory", page);

	// Two people change one service: both versions are seen, nothing is lost.
	await page.goto(`${address}/edit`);
	await t.sound("a service's form", page);
	const other = await t.open(`${address}/edit`, {context: page.context()});
	await other.fill("#phone", "860-555-0199");
	await Promise.all([other.waitForNavigation(), other.getByRole("button", {name: "Save", exact: true}).click()]);
	await page.fill("#phone", "860-555-0177");
	await press("Save");
	t.check("the other's number and mine are both there", (await main()).includes("860-555-0199") && await page.inputValue("#phone") === "860-555-0177", await main());
	t.forget(page);
	await press("Save");
	t.check("saving again is a choice", (await main()).includes("860-555-0177"), await main());

	// Closed: it is found no more, but stands with its organization.
	await page.goto(`${address}/edit`);
	await page.selectOption("#active", "0");
	await press("Save");
	await page.goto(`${site}/directory?need=food`);
	t.equal("what is closed is not found", await page.locator(".work li").count(), 0);

	const plain = await t.open(`${site}/directory?text=maple`, {script: false, context: page.context()});
	t.check("without JavaScript", (await plain.locator("main").innerText()).includes("Services that fit"));
});
