// collaborative: agencies, a meeting with who came, a case without names, a gap
// from raised to closed, the packet.
import {center, hands} from "./center.mjs";
import {suite} from "./lib.mjs";

await suite(async t => {
	const {site, page} = await center(t, async on => {
		for (const name of ["Maple Food Pantry", "Northeast Early Childhood Council", "Windham Family Legal Aid"]) await on("org", "add", name);
		await on("child", "add", "--given", "Mateo", "--family", "Rivera-Soto", "--birth", "2019-03-03");
	});
	const {press, follow, said, main} = hands(page);

	await page.goto(`${site}/collaborative`);
	t.check("an empty page says what it is", (await main()).includes("None yet"));
	await t.sound("no collaborative", page);
	await follow("Begin a collaborative");
	await page.fill("#name", "Northeast Care Coordination Collaborative");
	await page.fill("#begun", "2025-01-15");
	await press("Save");
	const top = page.url();

	for (const [name, sector, person] of [["maple", "food", "Lee Park"], ["early childhood", "early-childhood", ""], ["legal", "legal", "Ann Doe"]]) {
		await page.goto(`${top}/member`);
		t.equal("what was saved is no draft any more", await page.inputValue("#person"), "");
		await page.fill("#organization", name);
		await page.fill("#joined", "2025-01-15");
		await page.selectOption("#sector", sector);
		if (person) await page.fill("#person", person);
		await press("Add");
		t.check(`${name} is a member`, (await said()).includes("Added"), await main());
	}
	await page.goto(`${top}/member`);
	await t.sound("an agency's form", page);
	await page.fill("#organization", "Nowhere Inc");
	await page.selectOption("#sector", "other");
	await press("Add");
	t.check("an unknown agency is said", (await said()).includes("has no organization called"), await said());
	t.forget(page);

	await page.goto(top);
	await follow("Record a meeting");
	await page.fill("#met", "2025-02-12");
	await page.fill("#place", "Town hall");
	await page.fill("#topic", "Winter food");
	await press("Save");
	await t.sound("a meeting", page);
	await page.getByLabel("Maple Food Pantry").check();
	await page.getByLabel("Windham Family Legal Aid").check();
	// Somebody else ticks a third agency meanwhile: neither is lost.
	const other = await t.open(page.url(), {context: page.context()});
	await other.getByLabel("Northeast Early Childhood Council").check();
	await Promise.all([other.waitForNavigation(), other.getByRole("button", {name: "Save who came"}).click()]);
	await press("Save who came");
	t.equal("all three came", await page.locator("input[name=came]:checked").count(), 3);

	await follow("Discuss a case");
	await page.fill("#question", "What helps Mateo’s family?");
	await press("Save");
	t.check("a child's name is refused", (await said()).includes("name"), await said());
	t.forget(page);
	await t.sound("a case's form", page);
	await page.fill("#question", "Who has diapers for twins?");
	await page.selectOption("#age_band", "0-2");
	await page.fill("#advice", "The pantry, on Fridays");
	await press("Save");

	await follow("Raise a gap");
	await page.fill("#gap", "No dentist takes HUSKY within 30 miles");
	await page.selectOption("#need", "dental");
	await page.selectOption("#status", "working");
	await press("Save");
	t.check("who works on it must be named", (await said()).includes("owner"), await said());
	t.forget(page);
	await page.fill("#owner", "Lee Park");
	await page.fill("#started", "Asked the dental school for a van");
	await page.fill("#started_on", "2025-03-01");
	await press("Save");
	await t.sound("a meeting with all", page);

	await follow("No dentist takes HUSKY within 30 miles");
	await t.sound("a gap", page);
	await page.selectOption("#status", "closed");
	await press("Save");
	t.check("what followed comes first", (await said()).includes("what followed"), await said());
	t.forget(page);

	await page.goto(top);
	await t.sound("the collaborative", page);
	const all = await main();
	t.check("attendance and gap stand there", ["1 of 1", "Lee Park", "Worked on", "Winter food"].every(x => all.includes(x)), all);
	await page.goto(`${top}/packet`);
	await t.sound("the next packet", page);
	await page.goto(`${site}/collaborative/meeting/1/packet`);
	await t.sound("the packet", page);
	const packet = await main();
	t.check("the packet has all, and no child", ["No dentist", "diapers", "Maple Food Pantry", "Started: Asked"].every(x => packet.includes(x)) && !packet.includes("Mateo"), packet);

	await page.goto(`${site}/collaborative/member/3`);
	await t.sound("an agency", page);
	await page.fill("#departed", "2025-06-01");
	await press("Leaves the collaborative");
	t.check("it has left", (await said()).includes("has left"), await main());
	t.equal("and is no more on the list", await page.getByRole("link", {name: "Windham Family Legal Aid"}).count(), 0);

	const plain = await t.open(top, {script: false, context: page.context()});
	t.check("without JavaScript", (await plain.locator("main").innerText()).includes("Gaps that are open"));
});
