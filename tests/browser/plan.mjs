// plan: a care plan from the first word to the paper in the family's hands.
import {iso, suite} from "./lib.mjs";

async function center(t) {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	await t.start(["hub", "run", "-d", hub], /up|listening/);
	const on = (...args) => t.ccfed(...args, "-d", node);
	await on("node", "init", "--synthetic", "--http", `127.0.0.1:${await t.port()}`);
	await on("node", "join", code);
	await on("child", "add", "--given", "Mateo", "--family", "Rivera-Soto", "--birth", "2019-03-03");
	await on("case", "open", "1", "--on", iso(-90));
	await on("family", "add", "--name", "Rivera-Soto", "--language", "spanish");
	await on("family", "join", "1", "1");
	await on("caregiver", "add", "1", "--given", "Elena", "--family-name", "Soto");
	await on("custody", "add", "1", "--caregiver", "1", "--relation", "mother", "--custody", "sole", "--authority", "parent");
	await on("reach", "add", "--caregiver", "1", "--way", "phone", "--value", "860-555-0142", "--safe", "yes", "--preferred", "yes");
	await on("need", "add", "1", "food", "--on", iso(-80));
	const link = (await on("account", "add", "dana", "--title", "Dana Whitcomb", "--roles", "supervisor")).match(/http:\S+/)[0];
	await t.start(["node", "run", "-d", node], /pages are at/);
	return {link, site: new URL(link).origin};
}

const main = page => page.locator("main").innerText();
// By keyboard alone: to the link or button of that name, and Enter.
async function press(page, role, name) {
	await page.getByRole(role, {name, exact: true}).first().focus();
	await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}
async function type(page, id, text) {
	await page.locator(id).focus();
	await page.keyboard.press("Control+a");
	await page.keyboard.type(text);
}

async function write(t, page, site) {
	await page.goto(`${site}/child/1/plan`);
	t.check("an empty plan says what to do", (await main(page)).includes("There is no plan yet"));
	await t.sound("no plan", page);
	await press(page, "link", "Begin the plan");
	await t.sound("a version", page);
	await press(page, "button", "Begin it");
	await press(page, "link", "What matters to the family");
	await type(page, "#wishes", "Que Mateo duerma toda la noche.");
	await press(page, "button", "Save it");
	await press(page, "link", "Add a goal");
	await t.sound("a goal", page);
	await type(page, "#goal", "Mateo sleeps through the night");
	await press(page, "button", "Add it");
	await press(page, "link", "Add a step");
	await t.sound("a step", page);
	await press(page, "button", "Add it");
	t.check("a step needs words and a person", await page.locator("#action-error").count() === 1 && await page.locator("#owner-error").count() === 1);
	t.forget(page);
	await page.selectOption("#goal", {index: 1});
	await type(page, "#action", "Same bedtime, the tablet stays in the kitchen");
	await type(page, "#owner", "Elena and Mateo");
	await page.fill("#due", iso(7));
	await press(page, "button", "Add it");
	await t.sound("a draft", page);
	await t.accessible("a draft", page);
}

await suite(async t => {
	const {link, site} = await center(t);
	const page = await t.open(link);
	await page.fill("#password", "correct horse battery");
	await page.fill("#password2", "correct horse battery");
	await Promise.all([page.waitForURL(url => !url.pathname.startsWith("/link/")), page.getByRole("button", {name: "Save and sign in"}).click()]);

	page.setDefaultTimeout(8000);
	await write(t, page, site);
	await press(page, "link", "Agreed with the family");
	t.equal("who agrees is proposed", await page.inputValue("#agreed_by"), "Elena Soto");
	await press(page, "button", "The family agreed");
	t.check("the plan is agreed", (await main(page)).includes("Agreed with Elena Soto"), await main(page));

	for (const [name, words] of [["Print", ["What matters to us", "Who"]], ["Print in Spanish", ["Lo que nos importa", "Acordado con Elena Soto"]]]) {
		await page.goto(`${site}/child/1/plan`);
		await press(page, "link", name);
		const paper = await main(page);
		t.check(`${name}: its words`, words.every(w => paper.includes(w)) && paper.includes("Que Mateo duerma"), paper);
		await t.sound(name, page);
		await page.emulateMedia({media: "print"});
		await t.shot(`${name} on paper`, page);
		await page.emulateMedia({media: null});
	}

	// Given away: only with consent, or a reason.
	const bare = await page.context().browser().newContext({javaScriptEnabled: false});
	await bare.addCookies(await page.context().cookies());
	const plain = await t.open(`${site}/child/1/plan`, {script: false, context: bare});
	plain.setDefaultTimeout(8000);
	await press(plain, "link", "Share the plan");
	await plain.selectOption("#way", "fax");
	await press(plain, "button", "Note it");
	t.check("without consent it says what to do", (await plain.locator("#without_consent-error").innerText()).includes("Ask for it"), await main(plain));
	t.forget(plain);
	await plain.selectOption("#party", "family");
	await plain.fill("#recipient", "Elena Soto");
	await plain.selectOption("#way", "in-person");
	await press(plain, "button", "Note it");
	await press(plain, "link", "Confirm");
	await plain.fill("#confirmed_by", "Elena Soto");
	await press(plain, "button", "Confirm it");
	t.check("it has arrived", !(await main(plain)).includes("Confirm\n") && (await main(plain)).includes("Elena Soto"));

	// The next version says what changed.
	await press(plain, "link", "Write the next version");
	await press(plain, "button", "Begin it");
	await press(plain, "link", "Same bedtime, the tablet stays in the kitchen");
	await plain.selectOption("#state", "done");
	await press(plain, "button", "Save it");
	t.check("what changed is told", (await main(plain)).includes("Step done"), await main(plain));
	await press(plain, "button", "Undo");
	t.check("and is taken back", !(await main(plain)).includes("Step done"), await main(plain));
	await page.goto(`${site}/child/1/plan`);
	await t.sound("the next version", page);
});
