// families: surveys given, printed in two languages and entered, parents who
// agreed to meet others; and primary care practices with their outreach.
import {center, hands} from "./center.mjs";
import {iso, suite} from "./lib.mjs";

await suite(async t => {
	const {site, page, link, enter} = await center(t, async on => {
		await on("staff", "add", "Jo Alvarado", "coordinator", "--on", iso(-400));
		await on("staff", "add", "Sam Ortiz", "coordinator", "--on", iso(-400));
		await on("child", "add", "--given", "Mateo", "--family", "Rivera-Soto", "--birth", "2019-03-03");
		await on("case", "open", "1", "--on", iso(-300));
		await on("assign", "set", "1", "1", "--on", iso(-299));
		await on("practice", "add", "--name", "Maple Pediatrics", "--phone", "860-555-0100");
		await on("practice", "assign", "1", "1", "--on", iso(-200));
	});
	let hand = hands(page);

	await page.goto(`${site}/families`);
	await t.sound("families", page);
	t.check("no survey yet", (await hand.main()).includes("None: every survey came back"));
	await page.goto(`${site}/child/1/survey`);
	await t.sound("a survey is given", page);
	await page.selectOption("#way", "mail");
	await hand.press("Save, and print it");
	const answers = page.url();
	await hand.follow("Print it");
	await t.sound("the survey in English", page);
	t.check("it names nobody", (await hand.main()).includes("Survey no. 1") && !(await hand.main()).includes("Mateo"), await hand.main());
	await hand.follow("En español");
	await t.sound("the survey in Spanish", page);
	t.equal("its language is said", await page.locator(".sheet").getAttribute("lang"), "es");

	await page.goto(answers);
	await t.sound("the answers' form", page);
	await page.selectOption("#needs_met", "partly");
	await page.fill("#satisfaction", "9");
	await page.fill("#returned", iso(0));
	await hand.press("Save the answers");
	t.check("9 is no answer, the rest stays", await page.locator(".errors").count() === 1 && await page.inputValue("#needs_met") === "partly", await hand.main());
	t.forget(page);
	await page.fill("#satisfaction", "4");
	await hand.press("Save the answers");
	t.check("they came back", (await page.locator("section", {has: page.locator("#back")}).innerText()).includes("partly"), await hand.main());

	await page.goto(`${site}/child/1/peer`);
	await t.sound("a parent agrees", page);
	await page.fill("#note", "First year at school");
	await hand.press("The parent agrees");
	await hand.follow("Log what families did");
	await page.selectOption("#engagement", "training");
	await page.fill("#families", "12");
	await hand.press("Save");
	await t.sound("families with all", page);
	t.check("both stand there", (await hand.main()).includes("First year at school") && (await hand.main()).includes("12"), await hand.main());

	await page.goto(`${site}/practices`);
	await t.sound("practices", page);
	await hand.follow("Maple Pediatrics");
	await hand.follow("Log outreach");
	await t.sound("an outreach's form", page);
	await page.selectOption("#how", "visit");
	await page.fill("#with_whom", "Dr. Fir");
	await page.fill("#minutes", "40");
	await hand.press("Save");
	await t.sound("a practice", page);
	t.check("the visit stands there", (await hand.main()).includes("Dr. Fir") && (await hand.main()).includes("40 minutes"), await hand.main());
	await hand.follow("Edit");
	await page.selectOption("#medical_home", "1");
	await hand.press("Save");
	t.check("it is a medical home", (await hand.main()).includes("Works as a medical home"), await hand.main());
	await hand.follow("Practices");
	await hand.follow("Add a practice");
	await page.fill("#name", "Maple Pediatrics");
	await hand.press("Save");
	t.check("no name twice", await page.locator(".errors").count() === 1, await hand.main());
	t.forget(page);

	// Another coordinator: no name, no answers, no record.
	const sam = await enter(await link("sam", "Sam Ortiz", "coordinator", "--staff", "2"));
	hand = hands(sam);
	await sam.goto(`${site}/families`);
	const seen = await hand.main();
	t.check("of another caseload nothing but whom to ask", seen.includes("of another caseload: ask") && !seen.includes("Mateo") && !seen.includes("First year") && !seen.includes("partly"), seen);
	await sam.goto(`${site}/practice/1`);
	t.check("nor at the practice", !(await hand.main()).includes("Mateo"), await hand.main());
	const reply = await sam.goto(answers);
	t.check("nor the survey itself", !(await hand.main()).includes("partly") && sam.url() !== answers, `${reply.status()} ${sam.url()}`);

	const plain = await t.open(`${site}/families`, {script: false, context: page.context()});
	t.check("without JavaScript", (await plain.locator("main").innerText()).includes("How families take part"));
});
