// practice: the center for learning beside a real one: nobody can take it for
// the other, on the screen, in the title or on paper, and nothing crosses over.
import {suite} from "./lib.mjs";

await suite(async t => {
	const top = t.folder(), hub = top + "/hub", node = top + "/node";
	await t.ccfed("hub", "init", "-d", hub, "--synthetic", "--name", "Connecticut", "--bus", `tcp://127.0.0.1:${await t.port()}`, "--http", "none");
	await t.ccfed("hub", "region", "add", "-d", hub, "east", "Eastern");
	const code = (await t.ccfed("hub", "invite", "-d", hub, "east")).match(/\S{60,}/)[0];
	await t.start(["hub", "run", "-d", hub], /up|listening/);
	await t.ccfed("node", "init", "-d", node, "--synthetic", "--http", `127.0.0.1:${await t.port()}`);
	await t.ccfed("node", "join", code, "-d", node);
	await t.ccfed("node", "practice", "-d", node, "--children", "40", "--years", "1", "--http", `127.0.0.1:${await t.port()}`);
	const said = await t.start(["node", "run", "-d", node], /supervisor's, at (\S+)[\s\S]*for practicing at (\S+)/);
	const real = await t.firstAccount(said.match[1]), page = await t.firstAccount(said.match[2], {name: "pat", title: "Pat Moss"});
	const banner = p => p.locator("aside.synthetic");

	t.check("the real one is not striped", !(await banner(real).getAttribute("class")).includes("practice"));
	await page.goto(new URL("/cases", page.url()).href);
	t.check("PRACTICE stands on each page", (await banner(page).innerText()).startsWith("PRACTICE.") && (await page.title()).includes("PRACTICE"), await page.title());
	await t.sound("cases of practice", page);
	await page.locator("tbody th a").first().click();
	await t.sound("a child of practice", page);
	await page.emulateMedia({media: "print"});
	t.check("and across the paper", (await banner(page).evaluate(e => getComputedStyle(e, "::after").content)).includes("PRACTICE"));
	await t.shot("practice on paper", page);
	await page.emulateMedia({media: "screen"});

	await real.goto(new URL("/cases", real.url()).href);
	t.check("no made-up child is among the real ones", await real.locator("tbody tr").count() === 0, await real.locator("main").innerText());
	t.equal("nor an account", (await t.ccfed("account", "list", "-d", node)).includes("pat"), false);
	t.check("the commands know it by its folder", (await t.ccfed("account", "list", "-d", node + "/practice")).includes("pat"));
});
