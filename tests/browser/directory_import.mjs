// directory_import: a directory is tried, what is wrong is seen, it is taken in;
// the same again changes nothing. A real one too, where the data folder has it.
import {execFileSync} from "node:child_process";
import {existsSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {center, hands} from "./center.mjs";
import {suite} from "./lib.mjs";

const table = (name, text) => ({name, mimeType: "text/csv", buffer: Buffer.from(text)});
const SMALL = [
	table("organizations.csv", "id,name,description\no1,Maple Food Pantry,Food\no2,,No name\n"),
	table("services.csv", "id,organization_id,name,description,status\ns1,o1,Weekly food pantry,Groceries,active\ns2,o9,Rides,To the clinic,active\n"),
];
const REAL = join(process.env.CCFED_TEST_DATA || "/nowhere", "hsds/san-francisco-211-hsds-3.0");

await suite(async t => {
	const {site, page} = await center(t);
	const {press, said, main} = hands(page);
	const row = async name => (await page.locator("section", {has: page.locator("#outcome")}).getByRole("row", {name}).innerText()).split(/\s+/);

	await page.goto(`${site}/directory/import`);
	await t.sound("an upload", page);
	await press("Try it, without writing anything");
	t.check("files have to be chosen", (await main()).includes("Choose the files"));
	t.forget(page);
	await page.setInputFiles("#file", {name: "all.zip", mimeType: "application/zip", buffer: Buffer.from("PK")});
	await press("Try it, without writing anything");
	t.check("an archive is to be unpacked", (await said()).includes("unpack"), await said());
	t.forget(page);

	await page.setInputFiles("#file", table("notes.csv", "a,b\n1,2\n"));
	await press("Try it, without writing anything");
	t.check("what is no directory is said", (await main()).includes("No organizations and services are in it"), await main());
	await press("Throw it away");

	await page.setInputFiles("#file", SMALL);
	await press("Try it, without writing anything");
	t.check("nothing is written yet", (await said()).includes("Nothing was written"), await said());
	await t.sound("a rehearsal", page);
	t.equal("one organization of two would go in", (await row("Organizations")).slice(1), ["1", "0", "0", "1"]);
	const wrong = await page.locator("section", {has: page.locator("#wrong")}).innerText();
	t.check("what is wrong has file and line", /organizations\.csv\s+3/.test(wrong) && wrong.includes("services.csv"), wrong);
	await page.goto(`${site}/directory?text=maple`);
	t.equal("the directory is as it was", await page.locator(".work li").count(), 0);

	await page.goto(`${site}/directory/import`);
	await press("Take it in");
	t.check("it is in", (await said()).includes("The directory is in"), await said());
	await page.goto(`${site}/directory?text=maple`);
	t.equal("and is found", await page.locator(".work li").count(), 1);
	await page.goto(`${site}/directory/import`);
	await page.setInputFiles("#file", SMALL);
	await press("Try it, without writing anything");
	t.equal("the same again changes nothing", (await row("Organizations")).slice(1, 4), ["0", "0", "1"]);
	await press("Throw it away");

	// Out as an archive that others can unpack, and in again: nothing changes.
	const folder = t.folder();
	const archive = await page.request.get(`${site}/directory/hsds.zip`);
	t.equal("an archive", archive.headers()["content-type"], "application/zip");
	writeFileSync(join(folder, "all.zip"), await archive.body());
	execFileSync("python3", ["-m", "zipfile", "-e", join(folder, "all.zip"), join(folder, "out")]);
	const out = readdirSync(join(folder, "out"));
	t.check("its tables", out.includes("organizations.csv") && out.includes("services.csv"), out);
	await page.setInputFiles("#file", out.filter(f => f.endsWith(".csv")).map(f => join(folder, "out", f)));
	await press("Try it, without writing anything");
	t.equal("in again, nothing changes", (await row("Organizations")).slice(1, 4), ["0", "0", "1"]);
	await press("Throw it away");

	if (!existsSync(REAL)) {
		console.log(`ok ${++t.done} - a real directory # SKIP CCFED_TEST_DATA has none`);
		return;
	}
	await page.setInputFiles("#file", readdirSync(REAL).filter(f => f.endsWith(".csv")).map(f => join(REAL, f)));
	await press("Try it, without writing anything");
	t.equal("a real directory would go in", (await row("Organizations"))[1], "804");
	await t.sound("a real directory", page);
	await press("Take it in");
	t.check("it is in, or goes on", /is in|are in/.test(await said()), await said());
	for (let i = 0; i < 20 && await page.getByRole("button", {name: "Go on"}).count(); i++) await press("Go on");
	await page.goto(`${site}/directory`);
	await t.sound("a full directory", page);
	// Organizations without a sector: nothing stands there, and nothing odd.
	t.equal("what is not known is not shown", (await page.locator(".work .meta").allInnerTexts()).filter(x => /[^ -~]/.test(x)), []);
	t.check("it has pages", await page.getByRole("link", {name: "Next"}).count() === 1);
});
